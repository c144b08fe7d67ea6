package org.caravanmta.dns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.caravanmta.dns.Validation.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tests at the start and every hour whether answers are validated, sooner again while they are
/// not, and tells the log when that changes.
public final class ValidationWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ValidationWatch.class);

  /// Between two tests while all is well.
  private static final Duration PERIOD = Duration.ofHours(1);

  /// The same otherwise: without DANE, mail goes with less protection than its sender was promised.
  private static final Duration SOON = Duration.ofMinutes(5);

  /// How often it is seen whether a test is due.
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Validation validation;
  private final Runnable keys;
  private final InstantSource clock;
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("dnssec-test").unstarted(task));
  private Instant due = Instant.MIN;
  private Class<?> told = Object.class;

  public ValidationWatch(Validation validation, InstantSource clock) {
    this(validation, validation::refresh, clock);
  }

  /// @param keys brings the trust anchors up to date, before each test
  ValidationWatch(Validation validation, Runnable keys, InstantSource clock) {
    this.validation = validation;
    this.keys = keys;
    this.clock = clock;
  }

  /// Begins.
  public ValidationWatch start() {
    var _ =
        ticking.scheduleWithFixedDelay(this::tickAnyway, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /// Tests if a test is due.
  void tick() {
    Instant now = clock.instant();
    if (now.isBefore(due)) {
      return;
    }
    keys.run();
    State found = validation.check();
    due = now.plus(found instanceof State.Works ? PERIOD : SOON);
    // a test that cannot tell is worth a line only while nothing else is known
    State known = validation.state();
    if (known.getClass() != told) {
      told = known.getClass();
      tell(known);
    }
  }

  private static void tell(State state) {
    switch (state) {
      case State.Off _, State.Works _ -> LOG.info("{}", state);
      case State.Fails _ -> LOG.error("{}", state);
      case State.Unknown _ -> LOG.warn("{}", state);
    }
  }

  /// An executor forgets a task that has thrown.
  private void tickAnyway() {
    try {
      tick();
    } catch (RuntimeException | Error e) {
      LOG.error("whether DNSSEC works is not tested now", e);
    }
  }

  @Override
  public void close() {
    ticking.shutdownNow();
  }
}
