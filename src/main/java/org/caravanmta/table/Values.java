package org.caravanmta.table;

/// What the values of a table have to be. Asked for each entry when a table is read, so that a bad
/// one is known with its line, and not found out with the first message that meets it.
@FunctionalInterface
public interface Values {
  Values ANY = tolerant(_ -> {});

  /// Any, but nothing in them may come from whoever asks: they say what is run, where something is
  /// written and as whom (postfix `DICT_FLAG_NO_REGSUB`).
  Values FIXED = fixed(ANY);

  /// @param value as it stands in the table; in a pattern table `$1` is not yet replaced
  /// @throws IllegalArgumentException says what was expected
  void check(String value);

  /// Likewise, for a table of keys, where what a value has to be may depend on the key.
  default void check(String key, String value) {
    check(value);
  }

  /// Whether a line that is not as it should be is passed over with a warning (postfix
  /// `postmap(1)`), and a value that is not is reported to whoever asks for it. If not, the whole
  /// table is refused: what a rule that is left out would have stopped would get through.
  default boolean tolerant() {
    return false;
  }

  /// Whether a part of the key may stand in a value, as `$1` does.
  default boolean allowsSubstitution() {
    return true;
  }

  /// The same, of a table that is used though lines of it are wrong.
  static Values tolerant(Values values) {
    return new Qualified(values, true, values.allowsSubstitution());
  }

  /// The same, of a table that is refused when anything of it is wrong.
  static Values strict(Values values) {
    return new Qualified(values, false, values.allowsSubstitution());
  }

  /// The same, without anything of the key in them.
  static Values fixed(Values values) {
    return new Qualified(values, values.tolerant(), false);
  }

  /// What others check, and what is to be done otherwise.
  record Qualified(Values values, boolean tolerant, boolean allowsSubstitution) implements Values {
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
