package org.caravanmta.smtp.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps open dialogues for a moment, so that the next message to the same server needs no new
/// connection and greeting (RFC 5321 §4.5.4.1; postfix `scache(8)`). Safe for use by several
/// threads.
public final class ConnectionCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionCache.class);

  /// A dialogue may be used again only for the same server and protocol, and by whoever would come
  /// to the server in the same way.
  private record Key(Peer peer, Protocol protocol, Approach approach) {}

  private record Idle(SmtpDialogue dialogue, Instant since) {}

  /// How long a call waits at the most until others have closed their connections.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ConnectionSettings own;
  private final int most;
  private final InstantSource clock;
  private final Map<Key, Deque<Idle>> waiting = new HashMap<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("smtp-connection-cache").unstarted(task));
  private int count;
  private boolean closed;

  /// No longer kept, and not closed yet.
  private final Set<SmtpDialogue> closing = new HashSet<>();

  /// @param most how many unused dialogues are kept at one time
  public ConnectionCache(ConnectionSettings own, int most, InstantSource clock) {
    this.own = own;
    this.most = most;
    this.clock = clock;
    long period = Math.max(own.connectionIdle().toMillis() / 2, 50);
    sweeper.scheduleWithFixedDelay(this::sweepAnyway, period, period, TimeUnit.MILLISECONDS);
  }

  /// Takes a dialogue with this server that was open a moment ago; empty if there is none. The
  /// server may still close it under the next message, whose transfer then ends with {@link
  /// Transfer.Ending#STALE}.
  ///
  /// @param uses it must have carried fewer messages than that
  public Optional<SmtpDialogue> take(Peer peer, Protocol protocol, Approach approach, int uses) {
    while (true) {
      Optional<Idle> next = pop(new Key(peer, protocol, approach), uses);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (!old(next.get()) && next.get().dialogue().alive()) {
        return Optional.of(next.get().dialogue());
      }
      next.get().dialogue().close();
    }
  }

  /// Keeps a dialogue if it is usable, has carried fewer messages than `uses`, and there is room;
  /// otherwise closes it.
  public void keep(SmtpDialogue dialogue, int uses) {
    if (!dialogue.usable()
        || dialogue.uses() >= uses
        || !dialogue.approach().tls().reuse()
        || !push(dialogue)) {
      dialogue.close();
    }
  }

  /// Closes those of some servers that are more than `most`, the oldest first, and waits for those
  /// that others are closing, so that a call which follows is not one too many.
  ///
  /// @return how many of them are kept
  public int trim(Predicate<Peer> which, int most) {
    List<Idle> gone;
    int all;
    synchronized (this) {
      List<Deque<Idle>> theirs =
          waiting.entrySet().stream()
              .filter(each -> which.test(each.getKey().peer()))
              .map(Map.Entry::getValue)
              .toList();
      all = theirs.stream().mapToInt(Deque::size).sum();
      gone =
          theirs.stream()
              .flatMap(Deque::stream)
              .sorted(Comparator.comparing(Idle::since))
              .limit(Math.max(0, all - most))
              .toList();
      theirs.forEach(each -> each.removeAll(gone));
      waiting.values().removeIf(Deque::isEmpty);
      count -= gone.size();
      leave(gone);
    }
    close(gone);
    awaitClosed(which);
    return all - gone.size();
  }

  /// How many dialogues are kept now.
  public synchronized int size() {
    return count;
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    List<Idle> all;
    synchronized (this) {
      closed = true;
      all = waiting.values().stream().flatMap(Deque::stream).toList();
      waiting.clear();
      count = 0;
      leave(all);
    }
    close(all);
  }

  private synchronized void leave(List<Idle> gone) {
    gone.forEach(kept -> closing.add(kept.dialogue()));
  }

  private void close(List<Idle> gone) {
    for (Idle kept : gone) {
      try {
        kept.dialogue().close();
      } finally {
        synchronized (this) {
          closing.remove(kept.dialogue());
          notifyAll();
        }
      }
    }
  }

  private synchronized void awaitClosed(Predicate<Peer> which) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    long left = PATIENCE.toNanos();
    try {
      while (left > 0 && closing.stream().map(SmtpDialogue::peer).anyMatch(which)) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = until - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean push(SmtpDialogue dialogue) {
    if (closed || own.connectionIdle().isZero() || count >= most) {
      return false;
    }
    count++;
    return waiting
        .computeIfAbsent(
            new Key(dialogue.peer(), dialogue.protocol(), dialogue.approach()),
            key -> new ArrayDeque<>())
        .offerLast(new Idle(dialogue, clock.instant()));
  }

  /// The newest that has carried fewer messages than `uses`.
  private synchronized Optional<Idle> pop(Key key, int uses) {
    var kept = waiting.get(key);
    if (kept == null) {
      return Optional.empty();
    }
    for (var each = kept.descendingIterator(); each.hasNext(); ) {
      Idle newest = each.next();
      if (newest.dialogue().uses() < uses) {
        each.remove();
        count--;
        if (kept.isEmpty()) {
          waiting.remove(key);
        }
        return Optional.of(newest);
      }
    }
    return Optional.empty();
  }

  /// An executor forgets a task that has thrown: connections would be kept for ever.
  private void sweepAnyway() {
    try {
      sweep();
    } catch (RuntimeException | Error e) {
      LOG.error("idle connections are not closed now", e);
    }
  }

  private void sweep() {
    var gone = new ArrayList<Idle>();
    synchronized (this) {
      for (var kept = waiting.values().iterator(); kept.hasNext(); ) {
        Deque<Idle> dialogues = kept.next();
        while (!dialogues.isEmpty() && old(dialogues.peekFirst())) {
          gone.add(dialogues.removeFirst());
          count--;
        }
        if (dialogues.isEmpty()) {
          kept.remove();
        }
      }
      leave(gone);
    }
    close(gone);
  }

  private boolean old(Idle kept) {
    return kept.since().plus(own.connectionIdle()).isBefore(clock.instant());
  }
}
