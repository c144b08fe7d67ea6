package org.caravanmta.table;

/// The answer of several tables, or for several forms of a key: a {@link Lookup} that knows which
/// table answered.
public sealed interface Search {
  /// A table has this value.
  ///
  /// @param extension the extension of the address if the key that was found leaves it out, with
  ///   its delimiter: `+news`; otherwise empty
  /// @param table the one that answered
  record Found(String value, String extension, Table table) implements Search {}

  /// No table has the key.
  record Absent() implements Search {}

  /// A table could not be asked; the tables after it have not been asked either.
  ///
  /// @param why for the log, with the name of the table
  record Unavailable(String why) implements Search {}
}
