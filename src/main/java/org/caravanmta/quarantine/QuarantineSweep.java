package org.caravanmta.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.caravanmta.event.Events;
import org.caravanmta.event.QuarantineEvent;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.Order;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.Touched;
import org.caravanmta.queue.selector.Comparison;
import org.caravanmta.queue.selector.NumberField;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.state.StateUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes what has lain in the quarantine for long enough, and has the index follow the queue: at
/// the start and each hour, sooner while the index has missed something.
final class QuarantineSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineSweep.class);

  private static final Duration PERIOD = Duration.ofHours(1);

  /// How often it is seen whether something is due, unless digests go out more often.
  private static final Duration LOOK = Duration.ofSeconds(30);

  /// How often it is seen whether links were followed at other nodes: somebody waits for it.
  private static final Duration LINKS = Duration.ofSeconds(5);

  /// After this much more than `quarantine.keep`, no node has a message any more, whatever its
  /// clock.
  private static final Duration SKEW = Duration.ofDays(1);

  private final QueueAdmin queues;
  private final Inventory inventory;
  private final BooleanSupplier behind;
  private final Duration keep;
  private final Optional<Digests> digests;
  private final Optional<LinksElsewhere> elsewhere;
  private final Duration look;
  private final InstantSource clock;
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("quarantine-sweep").unstarted(task));
  private Instant due = Instant.MIN;
  private boolean missed;

  /// @param digests absent if nobody is to be told of what is new
  /// @param elsewhere absent outside a cluster
  /// @param behind whether the index has missed something since this was asked last
  QuarantineSweep(
      QueueAdmin queues,
      Inventory inventory,
      BooleanSupplier behind,
      Duration keep,
      Optional<Digests> digests,
      Optional<LinksElsewhere> elsewhere,
      InstantSource clock) {
    this.queues = queues;
    this.inventory = inventory;
    this.behind = behind;
    this.keep = keep;
    this.digests = digests;
    this.elsewhere = elsewhere;
    Duration most = elsewhere.isPresent() ? LINKS : LOOK;
    this.look = digests.map(Digests::every).filter(it -> it.compareTo(most) < 0).orElse(most);
    this.clock = clock;
  }

  /// Begins.
  void start() {
    var _ =
        ticking.scheduleWithFixedDelay(this::tickAnyway, 0, look.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Does what is due; nothing while another node may have our mail.
  void tick() throws Exception {
    if (!queues.mayBegin()) {
      return;
    }
    Instant now = clock.instant();
    follow(now, isTelling(now));
    if (digests.isPresent()) {
      try {
        digests.get().tick(now);
      } catch (StateUnavailable e) {
        LOG.warn("no digest of the quarantine is sent now: {}", e.getMessage());
      }
    }
    if (elsewhere.isPresent()) {
      try {
        elsewhere.get().tick();
      } catch (StateUnavailable e) {
        LOG.debug("links that were followed at other nodes wait: {}", e.getMessage());
      }
    }
  }

  /// Whether digests are due, which must not tell of what is gone.
  private boolean isTelling(Instant now) {
    try {
      return digests.isPresent() && digests.get().isDue(now);
    } catch (StateUnavailable e) {
      // said when they are sent
      return false;
    }
  }

  /// Deletes what is too old, and has the index follow the queue.
  private void follow(Instant now, boolean telling) throws Exception {
    missed |= behind.getAsBoolean();
    boolean full = telling || !now.isBefore(due);
    if (!full && !missed) {
      return;
    }
    if (full) {
      due = now.plus(PERIOD);
    }
    boolean empty = queues.contents().count(Queues::isQuarantine) == 0;
    if (empty && digests.isEmpty() && !inventory.isShared()) {
      // nobody reads the index of an empty queue, and the database is not opened for it
      missed = false;
      return;
    }
    if (full && !empty) {
      expire(now);
    }
    try {
      inventory.reconcile();
      if (full && inventory.isShared()) {
        inventory.abandon(now.minus(keep).minus(SKEW));
      }
      missed = false;
    } catch (StateUnavailable e) {
      missed = true;
      LOG.warn("the index of the quarantine is behind: {}", e.getMessage());
    }
  }

  private void expire(Instant now) throws Exception {
    var old = new Selector.Numeric(NumberField.DETAINED, Comparison.AT_LEAST, keep.toMillis());
    queues.change(
        new Order(Deed.DELETE, "", old, false, now, true),
        touched -> {
          if (touched.outcome() == Touched.Outcome.DONE) {
            touched.id().ifPresent(id -> Events.tell(new QuarantineEvent.Lapsed(id, keep)));
          }
        });
  }

  /// An executor forgets a task that has thrown.
  private void tickAnyway() {
    try {
      tick();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      LOG.error("the quarantine is not looked through now", e);
    }
  }

  @Override
  public void close() {
    ticking.shutdownNow();
  }
}
