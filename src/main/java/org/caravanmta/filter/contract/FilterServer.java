package org.caravanmta.filter.contract;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.monitor.Conditions;
import org.jspecify.annotations.Nullable;

/// One server of a content filter, with what is known of it. One that fails half of the time is not
/// asked for a while, so that mail does not wait for it each time; then it is asked once, and if it
/// answers, it gets little at first.
///
/// @param <F> how it is asked
final class FilterServer<F> {
  /// How long a server that fails is not asked.
  static final Duration REST = Duration.ofSeconds(10);

  /// As many answers are looked at to tell whether a server fails.
  private static final int WINDOW = 20;

  /// With fewer it cannot be told.
  private static final int FEWEST = 5;

  private static final float HALF = 50;

  /// How long a server that has recovered gets less than its share.
  private static final Duration SLOW_START = Duration.ofSeconds(30);

  /// How much less at most.
  private static final double LEAST_SHARE = 0.05;

  /// How much the last answer counts in the mean of how long answers take.
  private static final double LAST = 0.2;

  private final String step;
  private final String name;
  private final F filter;
  private final CircuitBreaker breaker;
  private final Lock tried = new ReentrantLock();
  private final Condition decided = tried.newCondition();
  private double meanNanos;
  private int asked;
  private @Nullable Instant recovered;
  private volatile String trouble = "";

  /// @param step the filter, as the step of a route names it
  /// @param trial how long one who tries a server again may keep others from doing so; zero for as
  ///   long as that takes
  FilterServer(String step, String name, F filter, Duration trial, Clock clock) {
    this.step = step;
    this.name = name;
    this.filter = filter;
    this.breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .clock(clock)
                .slidingWindow(WINDOW, FEWEST, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(HALF)
                .waitDurationInOpenState(REST)
                .permittedNumberOfCallsInHalfOpenState(1)
                .maxWaitDurationInHalfOpenState(trial)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            change -> {
              switch (change.getStateTransition()) {
                case CLOSED_TO_OPEN -> {
                  Conditions.show(
                      about(),
                      Optional.of(
                          new Conditions.Condition(
                              "given up", "fails again and again: " + trouble)));
                  Events.tell(new FilterEvent.GivenUp(step, name, trouble));
                }
                case HALF_OPEN_TO_CLOSED -> {
                  recovered(clock.instant());
                  Conditions.show(about(), Optional.empty());
                  Events.tell(new FilterEvent.Restored(step, name));
                }
                default -> {
                  // it is tried again, or goes on being left alone
                }
              }
              decided();
            });
  }

  private String about() {
    return "filter " + (step.endsWith(" " + name) ? step : step + " " + name);
  }

  /// It is not asked any more.
  void close() {
    Conditions.forget(about());
  }

  String name() {
    return name;
  }

  F filter() {
    return filter;
  }

  private synchronized void recovered(Instant at) {
    recovered = at;
    meanNanos = 0;
  }

  /// The less, the better.
  synchronized double burden(Instant now) {
    Instant since = recovered;
    double share =
        since == null
            ? 1
            : Math.clamp(
                (double) Duration.between(since, now).toMillis() / SLOW_START.toMillis(),
                LEAST_SHARE,
                1);
    return Math.max(1, meanNanos) * (asked + 1) / share;
  }

  /// Whether it may be asked, as {@link #tryAsking()}; while somebody tries it again, that is
  /// waited for.
  boolean tryAsking(Duration patience) {
    if (tryAsking()) {
      return true;
    }
    tried.lock();
    try {
      long left = patience.toNanos();
      while (!tryAsking()) {
        if (left <= 0 || breaker.getState() == CircuitBreaker.State.OPEN) {
          return false;
        }
        left = decided.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      tried.unlock();
    }
  }

  /// Those who wait for what comes of a trial look again.
  private void decided() {
    tried.lock();
    try {
      decided.signalAll();
    } finally {
      tried.unlock();
    }
  }

  /// It may be tried again at once, if it is left alone.
  void revive() {
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      breaker.transitionToHalfOpenState();
    }
  }

  /// Whether it may be asked; if so, it has to be told what has come of that: {@link #answered},
  /// {@link #failed} or {@link #unasked}.
  boolean tryAsking() {
    return breaker.tryAcquirePermission();
  }

  /// Somebody has begun to ask it.
  synchronized void begin() {
    asked++;
  }

  /// He has ended.
  synchronized void end() {
    asked--;
  }

  /// How long an answer took.
  synchronized void took(long nanos) {
    meanNanos = meanNanos == 0 ? nanos : meanNanos + LAST * (nanos - meanNanos);
  }

  /// It has answered.
  void answered(long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  /// It has not.
  void failed(String why, long nanos) {
    trouble = why;
    breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException(why));
  }

  /// It was not asked after all, or it cannot be told what has come of it.
  void unasked() {
    breaker.releasePermission();
    decided();
  }

  @Override
  public String toString() {
    return step + " " + name;
  }
}
