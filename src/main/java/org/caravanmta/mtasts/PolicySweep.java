package org.caravanmta.mtasts;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has what has expired forgotten, at the start and each hour.
final class PolicySweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicySweep.class);

  private static final Duration PERIOD = Duration.ofHours(1);

  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("mta-sts-sweep").unstarted(task));

  /// Begins.
  ///
  /// @param forget does it, and says how many policies that were
  PolicySweep(IntSupplier forget) {
    var _ =
        ticking.scheduleWithFixedDelay(
            () -> sweep(forget), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// An executor forgets a task that has thrown.
  private static void sweep(IntSupplier forget) {
    try {
      int gone = forget.getAsInt();
      if (gone > 0) {
        LOG.info("{} MTA-STS policies have expired and are forgotten", gone);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("MTA-STS policies that have expired are not forgotten now", e);
    }
  }

  @Override
  public void close() {
    ticking.shutdownNow();
  }
}
