package org.caravanmta.delivery.schedule;

import org.caravanmta.config.Require;

/// Keys of the section `delivery.scheduling`: how the window of a destination follows its results.
///
/// @param initialConcurrency the tasks at work for a destination of which nothing is known (postfix
///   `initial_destination_concurrency`)
/// @param positiveFeedback how far a success widens the window (postfix
///   `default_destination_concurrency_positive_feedback`)
/// @param negativeFeedback how far a failure narrows it (postfix
///   `default_destination_concurrency_negative_feedback`)
/// @param failedCohorts the windows full of failures after which a destination is dead; 0 for never
///   (postfix `default_destination_concurrency_failed_cohort_limit`)
public record WindowSettings(
    int initialConcurrency,
    Feedback positiveFeedback,
    Feedback negativeFeedback,
    int failedCohorts) {
  /// Those of Postfix.
  public static final WindowSettings USUAL =
      new WindowSettings(5, Feedback.WHOLE, Feedback.WHOLE, 1);

  public WindowSettings {
    Require.atLeast(1, "initial-concurrency", initialConcurrency);
    Require.atLeast(0, "failed-cohorts", failedCohorts);
  }
}
