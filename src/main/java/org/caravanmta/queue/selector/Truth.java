package org.caravanmta.queue.selector;

/// An answer that may be unknown, and what follows from several of them (the logic of Kleene): what
/// is unknown stays so unless the rest decides.
public enum Truth {
  NO,
  UNKNOWN,
  YES;

  static Truth of(boolean yes) {
    return yes ? YES : NO;
  }

  Truth not() {
    return switch (this) {
      case NO -> YES;
      case UNKNOWN -> UNKNOWN;
      case YES -> NO;
    };
  }

  Truth and(Truth other) {
    return compareTo(other) <= 0 ? this : other;
  }

  Truth or(Truth other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
