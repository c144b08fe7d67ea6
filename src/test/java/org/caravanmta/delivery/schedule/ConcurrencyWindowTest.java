package org.caravanmta.delivery.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyWindowTest {
  private static final List<Feedback> FEEDBACKS =
      List.of(
          Feedback.WHOLE,
          Feedback.parse("0.3"),
          Feedback.parse("1/concurrency"),
          Feedback.parse("1/sqrt_concurrency"));

  /// The successes of a full window after which it is one wider.
  @ParameterizedTest
  @CsvSource({"1, 1", "0.5, 2", "0.3, 3", "1/concurrency, 5", "1/sqrt_concurrency, 2"})
  void successesWidenIt(Feedback positive, int successes) {
    var window = new ConcurrencyWindow(settings(5, positive, Feedback.WHOLE, 1), 20);
    for (int i = 1; i < successes; i++) {
      window.succeeded(5);
      assertThat(window.size()).isEqualTo(5);
    }
    window.succeeded(5);
    assertThat(window.size()).isEqualTo(6);
  }

  static Feedback feedback(String text) {
    return Feedback.parse(text);
  }

  @Test
  void whatIsNotUsedIsNotWidened() {
    var window = new ConcurrencyWindow(WindowSettings.USUAL, 20);
    for (int i = 0; i < 100; i++) {
      window.succeeded(1);
    }
    assertThat(window.size()).isEqualTo(6);
  }

  @Test
  void failuresOfOneCohortInARowKill() {
    var window = new ConcurrencyWindow(WindowSettings.USUAL, 20);
    // 1/5 + 1/4 + 1/3 + 1/2 of a window
    assertThat(window.failed()).isFalse();
    assertThat(window.failed()).isFalse();
    assertThat(window.failed()).isFalse();
    assertThat(window.size()).isEqualTo(2);
    assertThat(window.failed()).isTrue();
  }

  @Test
  void aSuccessBetweenThemForgivesThem() {
    var window = new ConcurrencyWindow(WindowSettings.USUAL, 20);
    for (int i = 0; i < 50; i++) {
      assertThat(window.failed()).isFalse();
      window.succeeded(1);
    }
  }

  @Test
  void withoutALimitItDoesNotDie() {
    var window = new ConcurrencyWindow(settings(5, Feedback.WHOLE, Feedback.WHOLE, 0), 20);
    for (int i = 0; i < 100; i++) {
      assertThat(window.failed()).isFalse();
    }
    assertThat(window.size()).isEqualTo(1);
  }

  @Property
  void itIsNeverWiderThanTheLimitNorClosed(
      @ForAll @Size(max = 300) List<Boolean> results,
      @ForAll @IntRange(min = 1, max = 40) int initial,
      @ForAll @IntRange(min = 1, max = 30) int most,
      @ForAll @IntRange(min = 0, max = 3) int positive,
      @ForAll @IntRange(min = 0, max = 3) int negative,
      @ForAll @IntRange(min = 0, max = 3) int cohorts) {
    var window =
        new ConcurrencyWindow(
            settings(initial, FEEDBACKS.get(positive), FEEDBACKS.get(negative), cohorts), most);
    for (boolean success : results) {
      if (success) {
        window.succeeded(window.size());
      } else if (window.failed()) {
        window.restart();
      }
      assertThat(window.size()).isBetween(1, most);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "NaN", "2/concurrency", "", "fast"})
  void otherFeedbackIsRefused(String text) {
    assertThatThrownBy(() -> Feedback.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0.25", "1/concurrency", "1/sqrt_concurrency"})
  void feedbackIsWrittenAsItIsRead(String text) {
    assertThat(Feedback.parse(text)).hasToString(text);
  }

  private static WindowSettings settings(
      int initial, Feedback positive, Feedback negative, int cohorts) {
    return new WindowSettings(initial, positive, negative, cohorts);
  }
}
