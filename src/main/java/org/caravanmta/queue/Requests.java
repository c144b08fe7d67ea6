package org.caravanmta.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;

/// The questions this process has put to stages and not yet been answered. Neither question nor
/// answer is kept on disk: whoever asks still has what it asks about.
final class Requests implements AutoCloseable {
  static final String QUESTION = "question";
  static final String REPLY_TO = "replyTo";

  /// On an answer: the stage broke on the question, and why.
  static final String FAILED = "failed";

  /// What the names of reply queues start with.
  static final String REPLIES = "reply.";

  private static final int LANES = 2;

  /// Told once, on a thread that must not be kept.
  interface Asker {
    void answered(byte[] reply);

    void unanswered(String why);
  }

  private record Pending(Asker asker, long since, Duration patience, Lane lane) {
    boolean overdue(long now) {
      return now - since > patience.toNanos();
    }
  }

  private final Connections connections;
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private final List<Lane> lanes;

  Requests(Connections connections, Topology topology) {
    this.connections = connections;
    this.lanes = IntStream.range(0, LANES).mapToObj(number -> new Lane(number, topology)).toList();
  }

  void ask(Frame frame, Duration patience, Asker asker) {
    long question = count.incrementAndGet();
    Lane lane = lanes.get((int) (question % LANES));
    pending.put(question, new Pending(asker, System.nanoTime(), patience, lane));
    lane.outlet.send(
        new Send(
            frame.queue(),
            session -> {
              var message = frame.message(session);
              message.putLongProperty(QUESTION, question);
              message.putStringProperty(REPLY_TO, lane.replyTo);
              // the broker compares this with the machine's clock
              message.setExpiration(System.currentTimeMillis() + patience.toMillis());
              return message;
            },
            failure -> {
              if (failure != null) {
                unanswered(question, String.valueOf(failure.getMessage()));
              }
            }));
  }

  /// Forgets the questions whose time is up; an answer that comes later is dropped.
  ///
  /// @return how many
  int expire() {
    long now = System.nanoTime();
    int expired = 0;
    for (var entry : pending.entrySet()) {
      if (entry.getValue().overdue(now)) {
        var patience = entry.getValue().patience();
        expired += unanswered(entry.getKey(), "no answer within " + patience.toMillis() + " ms");
      }
    }
    return expired;
  }

  @Override
  public void close() {
    lanes.forEach(lane -> lane.outlet.close());
    for (Long question : pending.keySet()) {
      unanswered(question, "this Caravan is stopping");
    }
  }

  private void answered(ClientMessage reply) {
    long question = reply.getLongProperty(QUESTION);
    String failed = reply.getStringProperty(FAILED);
    byte[] body = Received.body(reply);
    Pending asked = pending.remove(question);
    if (asked == null) {
      return;
    }
    if (failed == null) {
      asked.asker().answered(body);
    } else {
      asked.asker().unanswered("failed: " + failed);
    }
  }

  private int unanswered(Long question, String why) {
    Pending asked = pending.remove(question);
    if (asked == null) {
      return 0;
    }
    asked.asker().unanswered(why);
    return 1;
  }

  /// One connection with its own reply queue, so that more than one answer is taken at a time.
  private final class Lane {
    private final Outlet outlet;

    /// Made anew with each connection; only the outlet's thread looks at it.
    private String replyTo = "";

    Lane(int number, Topology topology) {
      outlet = new Outlet("questions-" + number, connections, topology, false, this::open);
    }

    private ClientSession open(ClientSessionFactory connection) throws ActiveMQException {
      ClientSession replies = connections.direct(connection);
      replyTo = REPLIES + UUID.randomUUID();
      replies.createQueue(
          QueueConfiguration.of(replyTo)
              .setAddress(replyTo)
              .setRoutingType(RoutingType.ANYCAST)
              .setDurable(false)
              .setTemporary(true)
              .setAutoCreateAddress(true));
      replies.createConsumer(replyTo).setMessageHandler(Requests.this::answered);
      replies.addFailureListener(new Break(this::lost));
      replies.start();
      return connections.direct(connection);
    }

    private void lost(ActiveMQException cause) {
      for (var entry : pending.entrySet()) {
        if (entry.getValue().lane() == this) {
          unanswered(entry.getKey(), "the connection to the broker broke: " + cause.getMessage());
        }
      }
    }
  }
}
