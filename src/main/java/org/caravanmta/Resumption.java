package org.caravanmta;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.event.Events;
import org.caravanmta.event.OperatorEvent;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.Order;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.Touched;
import org.caravanmta.queue.selector.Glob;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;
import org.caravanmta.suspension.Suspension;
import org.caravanmta.suspension.SuspensionVerbs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What follows for mail when the operator suspends something, or resumes it: then what has waited
/// is due, its destinations begin with a fresh window, and so take no more at a time than any.
record Resumption(Stages stages, QueueAdmin admin, InstantSource clock)
    implements SuspensionVerbs.Effects {
  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

  /// What a stage was putting into a lane while it was resumed is there by now.
  private static final Duration SETTLED = Duration.ofSeconds(3);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          SETTLED.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);

  @Override
  public void suspended(Suspension suspension) {
    stages.scheduled().turnAway(suspension);
  }

  @Override
  public long resumed(Suspension suspension) throws Exception {
    stages.scheduled().restart(suspension);
    long messages = flush(suspension);
    CompletableFuture.runAsync(() -> flushRest(suspension), LATER);
    return messages;
  }

  private void flushRest(Suspension suspension) {
    try {
      flush(suspension);
    } catch (Exception e) {
      LOG.warn("what has waited for {} is tried when it is due: {}", suspension.name(), e);
    }
  }

  /// @return how many messages are due now
  private long flush(Suspension suspension) throws Exception {
    var done = new AtomicLong();
    var waited = Selector.Text.of(TextField.REASON, Glob.literal(suspension.mark()).pattern());
    admin.change(
        new Order(Deed.FLUSH, "", waited, false, clock.instant()),
        touched -> {
          if (touched.outcome() == Touched.Outcome.DONE) {
            done.incrementAndGet();
          }
        });
    if (done.get() > 0) {
      Events.tell(new OperatorEvent.Flushed(Optional.empty(), done.get()));
    }
    return done.get();
  }
}
