package org.caravanmta.delivery.watch;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.caravanmta.headway.Cut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts attempts at delivery that have made no progress for a long time: what every time limit of
/// the protocol (RFC 5321 §4.5.3.2), of the DNS and of tables should have ended long before, and
/// has not.
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  /// How often attempts are looked at; one that was cut and has not noticed is reminded then.
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final AtWork work;
  private final Duration longest;
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("delivery-watchdog").unstarted(task));

  /// @param longest how long an attempt may make no progress; zero for any time
  public Watchdog(AtWork work, Duration longest) {
    this.work = work;
    this.longest = longest;
  }

  /// Begins to look.
  public void begin() {
    var _ =
        ticking.scheduleWithFixedDelay(
            this::lookAnyway, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Looks at all attempts once.
  void look() {
    for (DeliveryTask task : work.all()) {
      if (task.headway().isCut()) {
        task.headway().insist();
      } else if (longest.isPositive() && task.headway().isStuck(longest)) {
        Duration still = task.headway().standing().still();
        work.cut(task, Cut.By.WATCHDOG, "the watchdog: no progress for " + AtWork.seconds(still));
      }
    }
  }

  /// An executor forgets a task that has thrown.
  private void lookAnyway() {
    try {
      look();
    } catch (RuntimeException | Error e) {
      LOG.error("attempts at delivery are not watched now", e);
    }
  }

  @Override
  public void close() {
    ticking.shutdownNow();
  }
}
