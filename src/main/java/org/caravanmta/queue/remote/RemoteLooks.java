package org.caravanmta.queue.remote;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.QueueControls;
import org.caravanmta.queue.spi.QueueLook;
import org.caravanmta.queue.spi.SeenMessage;
import org.jspecify.annotations.Nullable;

/// How the queues of a broker elsewhere are: it is asked of each at most every ten seconds, over
/// one connection that is kept.
final class RemoteLooks implements AutoCloseable {
  private static final long KEPT_NANOS = 10_000_000_000L;

  /// @param at by the clock of nanoseconds
  private record Kept(QueueLook look, long at) {}

  private final Connections connections;
  private final Map<String, Kept> looks = new ConcurrentHashMap<>();
  private @Nullable ClientSessionFactory connection;
  private @Nullable ClientSession session;

  RemoteLooks(Connections connections) {
    this.connections = connections;
  }

  QueueLook at(String queue) {
    return looks.compute(queue, (_, last) -> again(queue, last)).look();
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      connection.close();
    }
    connection = null;
    session = null;
  }

  private Kept again(String queue, @Nullable Kept last) {
    long now = System.nanoTime();
    if (last != null && now - last.at() < KEPT_NANOS) {
      return last;
    }
    try {
      return new Kept(ask(queue), now);
    } catch (Exception e) {
      close();
      return new Kept(QueueLook.UNKNOWN, now);
    }
  }

  private synchronized QueueLook ask(String queue) throws Exception {
    ClientSession open = session;
    if (open == null || open.isClosed()) {
      close();
      ClientSessionFactory made = connections.open();
      connection = made;
      open = connections.direct(made);
      session = open;
      open.start();
    }
    var depth = open.queueQuery(connections.names().at(queue)).getMessageCount();
    if (depth == 0) {
      return QueueLook.EMPTY;
    }
    try (var browser = open.createConsumer(connections.names().at(queue), null, 0, -1, true)) {
      double oldest = Double.MAX_VALUE;
      ClientMessage first = browser.receiveImmediate();
      if (first != null) {
        oldest = since(queue, first);
      }
      for (SeenMessage taken : new QueueControls(open, connections.names()).taken(queue)) {
        oldest = Math.min(oldest, since(queue, taken));
      }
      return QueueLook.of((double) depth, oldest);
    }
  }

  private static double since(String queue, ClientMessage message) {
    return message.getObjectProperty(SimpleString.of(QueueLook.since(queue))) instanceof Long since
        ? since
        : message.getTimestamp();
  }

  private static double since(String queue, SeenMessage taken) {
    return taken.properties().get(QueueLook.since(queue)) instanceof Number since
        ? since.doubleValue()
        : Double.MAX_VALUE;
  }
}
