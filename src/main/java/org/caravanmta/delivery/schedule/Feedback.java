package org.caravanmta.delivery.schedule;

import java.util.Locale;
import org.caravanmta.config.ValueForm;

/// How far one result moves the window of a destination (postfix `SCHEDULER_README`): a fixed
/// number above 0 and up to 1, or a part of the window that gets smaller as the window grows.
///
/// @param per what `number` is divided by
/// @param number 1, unless the number itself was given
public record Feedback(Per per, double number) {
  /// What the number is divided by.
  public enum Per {
    /// Nothing: after each result the window is one wider, or narrower, if the number is 1.
    ONE,
    /// The window: it takes a window full of results.
    CONCURRENCY,
    /// The square root of the window.
    SQRT_CONCURRENCY
  }

  /// One for each result, as in Postfix.
  public static final Feedback WHOLE = new Feedback(Per.ONE, 1);

  /// How a setting says it.
  public static final ValueForm<Feedback> FORM =
      ValueForm.of(
          Feedback.class,
          Feedback::parse,
          Feedback::toString,
          "a number above 0 and up to 1, 1/concurrency or 1/sqrt_concurrency");

  public Feedback {
    if (!(number > 0 && number <= 1)) {
      throw new IllegalArgumentException("must be above 0 and at most 1");
    }
  }

  static Feedback parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "1/concurrency" -> new Feedback(Per.CONCURRENCY, 1);
      case "1/sqrt_concurrency" -> new Feedback(Per.SQRT_CONCURRENCY, 1);
      case String number -> new Feedback(Per.ONE, Double.parseDouble(number));
    };
  }

  /// @param window at least 1
  double of(int window) {
    return switch (per) {
      case ONE -> number;
      case CONCURRENCY -> number / window;
      case SQRT_CONCURRENCY -> number / Math.sqrt(window);
    };
  }

  @Override
  public String toString() {
    return switch (per) {
      case ONE -> number == 1 ? "1" : String.valueOf(number);
      case CONCURRENCY -> "1/concurrency";
      case SQRT_CONCURRENCY -> "1/sqrt_concurrency";
    };
  }
}
