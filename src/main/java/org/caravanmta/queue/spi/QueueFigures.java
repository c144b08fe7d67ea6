package org.caravanmta.queue.spi;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// How much is on each queue, how old the oldest there, and how much this process has put there and
/// taken off. What the broker does not answer is not a number.
public final class QueueFigures {
  /// The counters of one queue.
  private record Counts(Counter in, Counter out) {}

  private final Function<String, QueueLook> looks;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Counter dead;
  private final Counter timeouts;
  private final Map<String, Counts> counts = new ConcurrentHashMap<>();

  /// @param looks says how a queue is now
  public QueueFigures(
      Function<String, QueueLook> looks, MeterRegistry registry, InstantSource clock) {
    this.looks = looks;
    this.registry = registry;
    this.clock = clock;
    this.dead =
        Counter.builder("caravan_dead")
            .description("messages set aside as dead")
            .register(registry);
    this.timeouts =
        Counter.builder("caravan_questions_unanswered")
            .description("questions that no stage answered in time")
            .register(registry);
  }

  public void add(String queue) {
    counts(queue);
    Gauge.builder("caravan_queue_depth", () -> looks.apply(queue).depth())
        .description("messages on the queue")
        .tag("queue", queue)
        .register(registry);
    Gauge.builder("caravan_queue_oldest_seconds", () -> age(looks.apply(queue)))
        .description(
            "how long the oldest message has been on the queue; of deferred.*, since it came")
        .tag("queue", queue)
        .register(registry);
  }

  public void in(String queue) {
    counts(queue).in().increment();
  }

  public void out(String queue, int messages) {
    counts(queue).out().increment(messages);
  }

  public void dead() {
    dead.increment();
  }

  public void timeouts(int more) {
    timeouts.increment(more);
  }

  private Counts counts(String queue) {
    return counts.computeIfAbsent(
        queue,
        name ->
            new Counts(
                counter("caravan_queue_in", "messages put on the queue", name),
                counter("caravan_queue_out", "messages taken off the queue", name)));
  }

  private Counter counter(String name, String description, String queue) {
    return Counter.builder(name).description(description).tag("queue", queue).register(registry);
  }

  private double age(QueueLook look) {
    return look.oldest() == 0 ? 0 : Math.max(0, (clock.millis() - look.oldest()) / 1000);
  }
}
