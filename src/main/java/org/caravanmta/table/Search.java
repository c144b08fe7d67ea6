package org.caravanmta.table;

/// What several tables, or several forms of a key, came to: a {@link Lookup} that knows which table
/// answered.
public sealed interface Search {
  /// @param extension what of the address the key that was found did not cover, with its delimiter:
  ///   `+news`; empty when it covered all
  record Found(String value, String extension, Table table) implements Search {}

  record Absent() implements Search {}

  /// A table could not be asked, so that what stands after it cannot be known either.
  record Unavailable(String why) implements Search {}
}
