package org.caravanmta.filter.milter;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a filter may do to a message or a session, as it says when the two sides agree (SMFIF of
/// libmilter).
enum Ability {
  ADD_HEADERS(0x1),
  CHANGE_BODY(0x2),
  ADD_RECIPIENTS(0x4),
  DELETE_RECIPIENTS(0x8),
  CHANGE_HEADERS(0x10),
  QUARANTINE(0x20),
  CHANGE_SENDER(0x40),
  ADD_RECIPIENTS_WITH_PARAMETERS(0x80),
  NAME_MACROS(0x100);

  private final int bit;

  Ability(int bit) {
    this.bit = bit;
  }

  /// All of them, as one number.
  static int all() {
    return Arrays.stream(values()).mapToInt(ability -> ability.bit).sum();
  }

  /// Those in a number; other bits mean nothing.
  static Set<Ability> in(int number) {
    return Arrays.stream(values())
        .filter(ability -> (number & ability.bit) != 0)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Ability.class)));
  }
}
