package org.caravanmta.queue.reader;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.message.Gate;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// The lines in which messages of one queue wait for their turn at their destinations: each line is
/// a queue of the broker, so that what waits is on the disk and not in memory, and keeps nothing
/// else waiting. Only the head of each is held here.
///
/// A message joins the line of its destination when there is no place for it, or when others of the
/// destination wait there already: each destination's are taken in the order in which they came.
/// When more destinations have a line than there are, some share one, and wait for each other.
/// After a restart a destination's line is known again when its first message is at the head.
final class WaitingLines {
  /// Bytes of each line that are here before they are wanted.
  private static final int PREFETCH = 64 << 10;

  /// What has not come in this time was taken by another node, or by the operator.
  private static final long GONE_NANOS = 5_000_000_000L;

  private static final Gate.Place NOWHERE = () -> {};

  private final Gate gate;
  private final List<String> queues;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final Map<String, Line> bound = new HashMap<>();
  private List<Line> lines = List.of();
  private int next;
  private boolean changed;

  /// One line, from the opening of its queue.
  private static final class Line {
    final String queue;
    final QueueIntake intake;

    /// How many of each destination have joined and not been taken.
    final Map<String, Integer> joined = new HashMap<>();

    /// How many were there before, of destinations not known.
    long before;

    @Nullable Received head;
    long lastSeen = System.nanoTime();

    Line(String queue, QueueIntake intake, long before) {
      this.queue = queue;
      this.intake = intake;
      this.before = before;
    }

    boolean isFree() {
      return joined.isEmpty() && before == 0;
    }
  }

  /// The head of a line, and the place that there is for it.
  record Ready(Received received, Gate.Place place) {}

  WaitingLines(Gate gate, String queue) {
    this.gate = gate;
    this.queues = Gates.lines(queue);
  }

  /// Opens all lines over a new link.
  void open(Link link, QueueRuntime runtime) throws ActiveMQException {
    var opened = new ArrayList<Line>();
    for (String queue : queues) {
      double depth = runtime.broker().look(queue).depth();
      // unknown: there may be some
      long before = Double.isNaN(depth) ? 1 : Math.round(depth);
      opened.add(new Line(queue, link.open(queue, PREFETCH), before));
    }
    lock.lock();
    try {
      bound.clear();
      lines = List.copyOf(opened);
      signal();
    } finally {
      lock.unlock();
    }
  }

  /// The intake of a line; empty for a queue that is not one.
  Optional<QueueIntake> intake(String queue) {
    lock.lock();
    try {
      return lines.stream()
          .filter(line -> line.queue.equals(queue))
          .map(line -> line.intake)
          .findFirst();
    } finally {
      lock.unlock();
    }
  }

  /// A place for a message that has just come; empty if it is to join a line.
  Optional<Gate.Place> place(Received received) {
    Optional<String> hop = received.nextHop();
    if (hop.isEmpty()) {
      return Optional.of(NOWHERE);
    }
    lock.lock();
    try {
      if (!bound.isEmpty() && bound.containsKey(gate.line(hop.get()))) {
        return Optional.empty();
      }
    } finally {
      lock.unlock();
    }
    return gate.enter(hop.get());
  }

  /// Has a message join the line of its destination.
  ///
  /// @return what becomes of it
  QueueStage.Outcome join(Received received) {
    String name = gate.line(received.nextHop().orElse(""));
    lock.lock();
    try {
      Line line = bound.computeIfAbsent(name, _ -> emptiest());
      line.joined.merge(name, 1, Integer::sum);
      line.lastSeen = System.nanoTime();
      return new QueueStage.Outcome(1, List.of(received.on(line.queue)), List.of());
    } finally {
      lock.unlock();
    }
  }

  private Line emptiest() {
    return lines.stream()
        .filter(Line::isFree)
        .findFirst()
        .orElseGet(
            () ->
                lines.stream()
                    .min(Comparator.comparingInt((Line line) -> line.joined.size()))
                    .orElseThrow());
  }

  /// The next head for which there is a place, of one line after the other.
  Optional<Ready> next() throws ActiveMQException, InterruptedException {
    List<Line> all;
    lock.lock();
    try {
      all = lines;
    } finally {
      lock.unlock();
    }
    for (int looked = 0; looked < all.size(); looked++) {
      Line line = all.get(next);
      next = (next + 1) % all.size();
      Optional<Ready> ready = ready(line);
      if (ready.isPresent()) {
        return ready;
      }
    }
    return Optional.empty();
  }

  private Optional<Ready> ready(Line line) throws ActiveMQException, InterruptedException {
    Received head = line.head;
    if (head == null && line.intake.ready()) {
      head = line.intake.receive(TimeUnit.SECONDS.toMillis(1));
      line.head = head;
    }
    if (head == null) {
      forget(line);
      return Optional.empty();
    }
    String hop = head.nextHop().orElse("");
    lock.lock();
    try {
      line.lastSeen = System.nanoTime();
      bound.putIfAbsent(gate.line(hop), line);
    } finally {
      lock.unlock();
    }
    Optional<Gate.Place> place = gate.enter(hop);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    left(line, gate.line(hop));
    return Optional.of(new Ready(head, place.get()));
  }

  private void left(Line line, String name) {
    lock.lock();
    try {
      line.head = null;
      if (line.joined.computeIfPresent(name, (_, count) -> count > 1 ? count - 1 : null) == null
          && !line.joined.containsKey(name)) {
        line.before = Math.max(0, line.before - (line.before > 0 ? 1 : 0));
      }
      release(line);
    } finally {
      lock.unlock();
    }
  }

  private void release(Line line) {
    if (line.before == 0) {
      bound.entrySet().removeIf(e -> e.getValue() == line && !line.joined.containsKey(e.getKey()));
    }
  }

  /// Gives up waiting for what was to come and does not.
  private void forget(Line line) {
    if (line.isFree() || System.nanoTime() - line.lastSeen < GONE_NANOS) {
      return;
    }
    lock.lock();
    try {
      line.joined.clear();
      line.before = 0;
      release(line);
    } finally {
      lock.unlock();
    }
  }

  /// How many wait for each destination. What was there before a restart counts as the
  /// destination's of its line's head.
  Map<String, Long> counts() {
    lock.lock();
    try {
      var counts = new HashMap<String, Long>();
      bound.forEach(
          (name, line) -> counts.merge(name, (long) line.joined.getOrDefault(name, 0), Long::sum));
      for (Line line : lines) {
        Received head = line.head;
        if (line.before > 0 && head != null) {
          counts.merge(gate.line(head.nextHop().orElse("")), line.before, Long::sum);
        }
      }
      counts.values().removeIf(count -> count == 0);
      return counts;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something may have changed, for as long as it pays while nothing tells.
  void awaitChange() throws InterruptedException {
    lock.lock();
    try {
      // what was told to a line comes by itself; a suspension ends, a window opens with the time
      long patience = bound.isEmpty() ? 1000 : 20;
      long left = TimeUnit.MILLISECONDS.toNanos(patience);
      while (!changed && left > 0) {
        left = change.awaitNanos(left);
      }
      changed = false;
    } finally {
      lock.unlock();
    }
  }

  /// Tells that a place may be free, or a line no longer empty.
  void wake() {
    lock.lock();
    try {
      if (!bound.isEmpty()) {
        signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    changed = true;
    change.signalAll();
  }
}
