package org.caravanmta.table;

/// What the values of a table have to be. Asked for each entry when a table is read, so that a bad
/// one is refused with its line, and not found out with the first message that meets it.
@FunctionalInterface
public interface Values {
  Values ANY = value -> {};

  /// @param value as it stands in the table; in a pattern table `$1` is not yet replaced
  /// @throws IllegalArgumentException says what was expected
  void check(String value);
}
