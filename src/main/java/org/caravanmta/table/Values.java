package org.caravanmta.table;

/// What the values of a table must be. It is asked for each entry when a table is read, so that a
/// bad value is reported with its line, and not found by the first message that meets it.
@FunctionalInterface
public interface Values {
  /// Any values; lines that are wrong are skipped.
  Values ANY = tolerant(_ -> {});

  /// Any values into which no part of the key is substituted: they say what is run, where something
  /// is written, or as whom, and the key comes from a stranger (postfix `DICT_FLAG_NO_REGSUB`).
  Values FIXED = fixed(ANY);

  /// Checks a value.
  ///
  /// @param value as it is written in the table: `$1` is not yet replaced
  /// @throws IllegalArgumentException says what was expected
  void check(String value);

  /// Checks the value of a key, in a table of keys, where the key may matter too.
  ///
  /// @throws IllegalArgumentException says what was expected
  default void check(String key, String value) {
    check(value);
  }

  /// Whether a line that is wrong is skipped with a warning (postfix `postmap(1)`), and a wrong
  /// value is kept, for whoever looks it up to report. If not, the whole table is refused: in a
  /// table of rules, mail would get through that the skipped rule should have stopped.
  default boolean tolerant() {
    return false;
  }

  /// Whether a part of the key may be substituted into a value, as with `$1`.
  default boolean allowsSubstitution() {
    return true;
  }

  /// Whether values are passwords: then no message shows a line of the table, or what of it stands
  /// in the settings, and a file that everybody can read is refused.
  default boolean secret() {
    return false;
  }

  /// The same check, for a table that is used although lines of it are wrong.
  static Values tolerant(Values values) {
    return new Qualified(values, true, values.allowsSubstitution(), values.secret());
  }

  /// The same check, for a table that is refused when anything in it is wrong.
  static Values strict(Values values) {
    return new Qualified(values, false, values.allowsSubstitution(), values.secret());
  }

  /// The same check, for values into which no part of the key is substituted.
  static Values fixed(Values values) {
    return new Qualified(values, values.tolerant(), false, values.secret());
  }

  /// The same check, for values that are passwords.
  static Values secret(Values values) {
    return new Qualified(values, values.tolerant(), values.allowsSubstitution(), true);
  }

  /// The check of another, with answers of its own to the three questions.
  record Qualified(Values values, boolean tolerant, boolean allowsSubstitution, boolean secret)
      implements Values {
    @Override
    public void check(String value) {
      values.check(value);
    }

    @Override
    public void check(String key, String value) {
      values.check(key, value);
    }
  }
}
