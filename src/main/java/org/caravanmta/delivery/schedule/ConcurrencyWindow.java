package org.caravanmta.delivery.schedule;

/// How many tasks a destination may have at work at a time, as its results have taught (postfix
/// `SCHEDULER_README`, "concurrency feedback"). Only results that say something of the site count:
/// whether it was reached, greeted us and kept the connection, not what it thinks of a message.
///
/// Results add up until they are worth one, with half a step of play so that the window does not
/// swing with each of them. After failures worth {@link WindowSettings#failedCohorts} windows full,
/// without a success between them, the site is dead. Not safe for use by several threads.
final class ConcurrencyWindow {
  private final WindowSettings own;
  private final int most;
  private int size;
  private double success;
  private double failure;
  private double cohorts;

  /// @param most the widest it gets, at least 1
  ConcurrencyWindow(WindowSettings own, int most) {
    this.own = own;
    this.most = most;
    this.size = initial();
  }

  /// From 1 to the widest.
  int size() {
    return size;
  }

  /// Notes that the site was reached: it may take more, if it has used what it may.
  ///
  /// @param atWork the tasks at work, this one included
  void succeeded(int atWork) {
    cohorts = 0;
    if (size >= most || size >= atWork + own.initialConcurrency()) {
      return;
    }
    double step = own.positiveFeedback().of(size);
    success += step;
    while (success + step / 2 >= 1) {
      size++;
      success -= 1;
      failure = 0;
    }
    size = Math.min(size, most);
  }

  /// Notes that the site was not reached.
  ///
  /// @return whether it is dead
  boolean failed() {
    cohorts += 1.0 / size;
    if (own.failedCohorts() > 0 && cohorts >= own.failedCohorts()) {
      return true;
    }
    if (size > 1) {
      double step = own.negativeFeedback().of(size);
      failure += step;
      while (failure + step / 2 >= 1) {
        size--;
        success = 0;
        failure -= 1;
      }
      size = Math.max(size, 1);
    }
    return false;
  }

  /// Begins anew, as for a site that nothing is known of.
  void restart() {
    size = initial();
    success = 0;
    failure = 0;
    cohorts = 0;
  }

  /// Whether nothing is known that a new window would not have.
  boolean isFresh() {
    return size == initial() && cohorts == 0;
  }

  private int initial() {
    return Math.min(own.initialConcurrency(), most);
  }
}
