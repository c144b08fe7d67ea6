package org.caravanmta.queue.admin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.Connections;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Frame;
import org.jspecify.annotations.Nullable;

/// How much is on each queue, how old the oldest there, and how much this process has put there and
/// taken off. An external broker is asked at most every ten seconds; what it does not answer is not
/// a number.
public final class QueueFigures {
  private static final long KEPT_NANOS = 10_000_000_000L;

  /// Messages that are looked at for the oldest: a lane is not in the order of arrival.
  private static final int LOOKED_AT = 10_000;

  /// @param oldest since when the oldest is there, in milliseconds since 1970; 0 for none
  private record Look(double depth, double oldest, long at) {}

  /// The counters of one queue.
  private record Counts(Counter in, Counter out) {}

  private final Connections connections;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Counter dead;
  private final Counter timeouts;
  private final Map<String, Counts> counts = new ConcurrentHashMap<>();
  private final Map<String, Look> looks = new ConcurrentHashMap<>();
  private @Nullable ClientSessionFactory connection;
  private @Nullable ClientSession session;

  public QueueFigures(Connections connections, MeterRegistry registry, InstantSource clock) {
    this.connections = connections;
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
    Gauge.builder("caravan_queue_depth", () -> look(queue).depth())
        .description("messages on the queue")
        .tag("queue", queue)
        .register(registry);
    Gauge.builder("caravan_queue_oldest_seconds", () -> age(look(queue)))
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

  public synchronized void close() {
    if (connection != null) {
      connection.close();
    }
    connection = null;
    session = null;
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

  private double age(Look look) {
    return look.oldest() == 0 ? 0 : Math.max(0, (clock.millis() - look.oldest()) / 1000);
  }

  private Look look(String queue) {
    return connections
        .broker()
        .map(broker -> inside(broker, queue))
        .orElseGet(() -> looks.compute(queue, (_, last) -> outside(queue, last)));
  }

  private static Look inside(EmbeddedBroker broker, String name) {
    Queue queue = broker.server().locateQueue(SimpleString.of(name));
    if (queue == null) {
      return new Look(0, 0, 0);
    }
    double oldest = Double.MAX_VALUE;
    // what stages have taken is on the queue still, and the head of a lane always is
    for (List<MessageReference> taken : queue.getDeliveringMessages().values()) {
      for (MessageReference reference : taken) {
        oldest = Math.min(oldest, since(name, reference.getMessage()));
      }
    }
    int looked = 0;
    int most = isLane(name) ? LOOKED_AT : 1;
    try (var waiting = queue.iterator()) {
      while (looked++ < most && waiting.hasNext()) {
        oldest = Math.min(oldest, since(name, waiting.next().getMessage()));
      }
    }
    return new Look(queue.getMessageCount(), oldest == Double.MAX_VALUE ? 0 : oldest, 0);
  }

  private Look outside(String queue, @Nullable Look last) {
    long now = System.nanoTime();
    if (last != null && now - last.at() < KEPT_NANOS) {
      return last;
    }
    try {
      return ask(queue, now);
    } catch (Exception e) {
      close();
      return new Look(Double.NaN, Double.NaN, now);
    }
  }

  private synchronized Look ask(String queue, long now) throws Exception {
    ClientSession open = session;
    if (open == null || open.isClosed()) {
      close();
      ClientSessionFactory made = connections.open();
      connection = made;
      open = connections.direct(made);
      session = open;
      open.start();
    }
    var depth = open.queueQuery(SimpleString.of(queue)).getMessageCount();
    if (depth == 0) {
      return new Look(0, 0, now);
    }
    try (var browser = open.createConsumer(SimpleString.of(queue), null, 0, -1, true)) {
      double oldest = Double.MAX_VALUE;
      ClientMessage first = browser.receiveImmediate();
      if (first != null) {
        oldest = since(queue, first);
      }
      for (QueueEntry taken : new QueueControls(open).taken(queue)) {
        oldest = Math.min(oldest, since(queue, taken));
      }
      return new Look(depth, oldest == Double.MAX_VALUE ? 0 : oldest, now);
    }
  }

  private static boolean isLane(String queue) {
    return Queues.isDeferred(queue);
  }

  private static double since(String queue, Message message) {
    return message.getObjectProperty(SimpleString.of(property(queue))) instanceof Long since
        ? since
        : message.getTimestamp();
  }

  private static double since(String queue, QueueEntry entry) {
    return entry.properties().get(property(queue)) instanceof Number since
        ? since.doubleValue()
        : Double.MAX_VALUE;
  }

  /// Mail goes from lane to lane: what is late is late since it came.
  private static String property(String queue) {
    return isLane(queue) ? Frame.ARRIVED : Frame.QUEUED;
  }
}
