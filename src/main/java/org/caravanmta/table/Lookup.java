package org.caravanmta.table;

/// What a table says of a key.
public sealed interface Lookup {
  record Found(String value) implements Lookup {}

  record Absent() implements Lookup {}

  /// The table could not be read or asked: whoever asked tries again later.
  record Unavailable(String why) implements Lookup {}
}
