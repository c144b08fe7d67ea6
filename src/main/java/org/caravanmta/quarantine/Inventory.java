package org.caravanmta.quarantine;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.Truth;
import org.caravanmta.state.QuarantineIndex;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.StateUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue of this node and its index together. What the queue has and the index has not is
/// noted; what the index has and the queue has not is forgotten: it was deleted or taken away by
/// other means.
final class Inventory {
  private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

  private final QueueAdmin queues;
  private final QuarantineIndex index;

  Inventory(QueueAdmin queues, QuarantineIndex index) {
    this.queues = queues;
    this.index = index;
  }

  /// Passes on each entry that is meant, the oldest first: from the index, of all nodes of a
  /// cluster; or from the queue when the index cannot be asked.
  ///
  /// @throws ControlProblem after those of this node, if the others' cannot be asked for
  void list(Selector selector, Instant now, Consumer<Quarantined> use) throws Exception {
    Selector quick = selector.quick();
    Consumer<Quarantined> meant =
        entry -> {
          if (quick.of(new JudgedQuarantined(entry, now)) == Truth.YES) {
            use.accept(entry);
          }
        };
    if (!isShared() && queues.contents().count(Queues::isQuarantine) == 0) {
      return;
    }
    try {
      check();
    } catch (StateUnavailable e) {
      LOG.warn("the index of the quarantine cannot be asked, its queue is: {}", e.getMessage());
      queues
          .contents()
          .each(
              Queues::isQuarantine,
              (_, mail) ->
                  mail.map(IndexEntries::of).map(it -> it.at(index.node())).ifPresent(meant));
      if (isShared()) {
        throw new ControlProblem(
            "the database (state.url) cannot be asked: this is what lies at "
                + index.node()
                + ", and nothing of the other nodes");
      }
      return;
    }
    index.each(meant);
  }

  /// Whether nodes of a cluster share the index, each with a queue of its own.
  boolean isShared() {
    return !index.node().isEmpty();
  }

  /// Forgets what nodes that never came back had, and nobody has taken over.
  ///
  /// @param then it was set aside before this; if it is there all the same, it is noted again
  void abandon(Instant then) throws StateUnavailable {
    long forgotten = index.forgetBefore(then);
    if (forgotten > 0) {
      LOG.info(
          "{} entries of the quarantine's index are forgotten: they were kept too long", forgotten);
    }
  }

  /// Makes the index right if it does not have as many entries as the queue has messages.
  private void check() throws Exception {
    if (index.count() != queues.contents().count(Queues::isQuarantine)) {
      reconcile();
    }
  }

  /// Makes the index right.
  ///
  /// @return how many entries were noted or forgotten
  long reconcile() throws Exception {
    // what leaves the queue meanwhile is met again as an entry without a message; what comes is not
    Map<String, String> known = index.parts();
    Set<String> there = new HashSet<>();
    var changed = new AtomicLong();
    var failed = new AtomicReference<StateUnavailable>();
    queues
        .contents()
        .each(
            Queues::isQuarantine,
            (entry, mail) -> {
              if (mail.isEmpty()) {
                // taken, or not readable: whatever is known of it stays
                entry.id().ifPresent(id -> keep(known, id, there));
                return;
              }
              Quarantined found = IndexEntries.of(mail.get());
              String part = found.part();
              if (there.add(part) && !known.containsKey(part) && failed.get() == null) {
                try {
                  index.remember(found);
                  changed.incrementAndGet();
                } catch (StateUnavailable e) {
                  failed.set(e);
                }
              }
            });
    if (failed.get() != null) {
      throw failed.get();
    }
    Set<String> gone = new HashSet<>(known.keySet());
    gone.removeAll(there);
    if (!gone.isEmpty()) {
      index.forget(gone);
      changed.addAndGet(gone.size());
    }
    return changed.get();
  }

  private static void keep(Map<String, String> known, String id, Set<String> there) {
    known.forEach(
        (part, message) -> {
          if (message.equals(id)) {
            there.add(part);
          }
        });
  }

  /// Forgets what is no longer there of messages; another part of one may be.
  void gone(Set<String> ids) throws Exception {
    if (ids.isEmpty()) {
      return;
    }
    try {
      Map<String, String> left = new HashMap<>(index.parts());
      left.values().retainAll(ids);
      queues
          .contents()
          .each(
              Queues::isQuarantine,
              new Selector.Ids(ids),
              (entry, mail) ->
                  mail.ifPresentOrElse(
                      there -> left.remove(IndexEntries.of(there).part()),
                      () -> entry.id().ifPresent(id -> left.values().removeIf(id::equals))));
      if (!left.isEmpty()) {
        index.forget(left.keySet());
      }
    } catch (StateUnavailable e) {
      LOG.debug("{} stay in the index of the quarantine for now: {}", ids, e.getMessage());
    }
  }

  /// Puts what is left of a part in its place, or nothing.
  void replace(Quarantined before, Optional<Quarantined> after) {
    try {
      index.replace(before, after);
    } catch (StateUnavailable e) {
      LOG.debug("{}: is seen to later: {}", before.id(), e.getMessage());
    }
  }

  /// Notes what has become of a message that stays.
  void note(Quarantined entry) {
    try {
      index.remember(entry);
    } catch (StateUnavailable e) {
      LOG.debug("{}: is noted later: {}", entry.id(), e.getMessage());
    }
  }
}
