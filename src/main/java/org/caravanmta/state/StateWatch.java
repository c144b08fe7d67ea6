package org.caravanmta.state;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.caravanmta.monitor.Conditions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches whether a database on another machine answers, and tells the operator: with no mail
/// nobody would notice. It also has the tables set up soon after the database is there.
final class StateWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);
  private static final String ABOUT = "state database";
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("state-watch").unstarted(task));

  /// Watches from now on.
  ///
  /// @param trouble says what is wrong; blocking
  static StateWatch of(Supplier<Optional<String>> trouble) {
    var watch = new StateWatch();
    var _ =
        watch.looking.scheduleWithFixedDelay(
            () -> look(trouble), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  /// An executor forgets a task that has thrown.
  private static void look(Supplier<Optional<String>> trouble) {
    try {
      see(trouble.get());
    } catch (RuntimeException e) {
      LOG.error("the state database cannot be watched", e);
    }
  }

  private static void see(Optional<String> trouble) {
    Conditions.see(
        ABOUT,
        trouble.map(
            why ->
                new Conditions.Condition(
                    "away",
                    "cannot be asked (state.url): "
                        + why
                        + "; until it answers, the greylist defers nobody, what is set aside is"
                        + " noted later, and no digest is sent")));
  }

  @Override
  public void close() {
    looking.shutdownNow();
    Conditions.forget(ABOUT);
  }
}
