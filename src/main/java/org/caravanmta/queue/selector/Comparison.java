package org.caravanmta.queue.selector;

/// How a number is compared with another.
public enum Comparison {
  BELOW("<"),
  AT_MOST("<="),
  EQUAL("="),
  AT_LEAST(">="),
  ABOVE(">");

  private final String mark;

  Comparison(String mark) {
    this.mark = mark;
  }

  String mark() {
    return mark;
  }

  boolean holds(long value, long of) {
    return switch (this) {
      case BELOW -> value < of;
      case AT_MOST -> value <= of;
      case EQUAL -> value == of;
      case AT_LEAST -> value >= of;
      case ABOVE -> value > of;
    };
  }
}
