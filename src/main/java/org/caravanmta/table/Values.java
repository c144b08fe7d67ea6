package org.caravanmta.table;

/// What the values of a table have to be. Asked for each entry when a table is read, so that a bad
/// one is refused with its line, and not found out with the first message that meets it.
@FunctionalInterface
public interface Values {
  Values ANY = value -> {};

  /// @param value as it stands in the table; in a pattern table `$1` is not yet replaced
  /// @throws IllegalArgumentException says what was expected
  void check(String value);

  /// Likewise, for a table of keys, where what a value has to be may depend on the key.
  default void check(String key, String value) {
    check(value);
  }
}
