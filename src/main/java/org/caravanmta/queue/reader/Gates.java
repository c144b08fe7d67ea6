package org.caravanmta.queue.reader;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Queues;

/// Who says, for each queue, which of its messages may begin; those of the other queues all may.
public final class Gates {
  /// How many lines of messages can wait for different destinations of one queue before they have
  /// to share.
  private static final int LINES = 32;

  /// Lines in which messages wait.
  interface Waiting {
    /// How many wait for each destination.
    Map<String, Long> counts();
  }

  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  private final Map<String, Set<Waiting>> open = new ConcurrentHashMap<>();

  Gates() {}

  /// @return the queues in which those of `queue` wait that may not begin
  public List<String> add(String queue, Gate gate) {
    gates.put(queue, gate);
    return lines(queue);
  }

  /// How many messages of a queue wait for each destination in its lines.
  public Map<String, Long> waiting(String queue) {
    var counts = new HashMap<String, Long>();
    open.getOrDefault(queue, Set.of())
        .forEach(lines -> lines.counts().forEach((name, n) -> counts.merge(name, n, Long::sum)));
    return Map.copyOf(counts);
  }

  /// Notes that lines of a queue are in use.
  void add(String queue, Waiting lines) {
    open.computeIfAbsent(queue, _ -> ConcurrentHashMap.newKeySet()).add(lines);
  }

  /// Notes that they are no more.
  void remove(String queue, Waiting lines) {
    open.getOrDefault(queue, Set.of()).remove(lines);
  }

  Optional<Gate> of(String queue) {
    return Optional.ofNullable(gates.get(queue));
  }

  /// The queues of all lines of a queue `delivery.NAME`.
  static List<String> lines(String queue) {
    return IntStream.rangeClosed(1, LINES)
        .mapToObj(number -> Queues.waiting(Queues.transport(queue), number))
        .toList();
  }
}
