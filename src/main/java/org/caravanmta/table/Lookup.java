package org.caravanmta.table;

/// The answer of one {@link Table} for a key.
public sealed interface Lookup {
  /// The table has this value for the key.
  record Found(String value) implements Lookup {}

  /// The table does not have the key.
  record Absent() implements Lookup {}

  /// The table could not be read or asked: whoever asked tries again later, and never takes it for
  /// {@link Absent}.
  ///
  /// @param why for the log, with the name of the table
  record Unavailable(String why) implements Lookup {}
}
