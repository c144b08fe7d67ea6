package org.caravanmta.queue.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.SendAcknowledgementHandler;
import org.caravanmta.queue.spi.Break;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.Interruption;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.queue.spi.Send;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An outlet to a broker elsewhere: a connection, a session, and the one thread that may touch it,
/// so that no caller ever waits. The frames that come while one is being sent go together, and
/// share the journal's next sync.
///
/// *Without a connection:* what comes fails at once, or after a second while the first try to
/// connect again is under way. What had left and was not confirmed when the connection broke is
/// sent again over the next one, as long as its sender waits: it carries a number by which the
/// broker knows it again (`_AMQ_DUPL_ID`), and takes it once. The sender waits for five seconds at
/// most where there is no next one; the broker may have the message then, and may come back with
/// it.
public final class SessionOutlet implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOutlet.class);

  /// After a connection could not be made, the next try, in milliseconds.
  private static final long PAUSE = 500;

  /// How long what has not left waits for a connection that is being made.
  private static final Duration CONNECTING = Duration.ofSeconds(1);

  /// How long the sender of what has left, and may have got there, waits for the next connection.
  private static final Duration DOUBT = Duration.ofSeconds(5);

  /// How often the connection is looked at while there is nothing to send, in milliseconds.
  private static final long GLANCE = 250;

  private static final int AT_ONCE = 256;

  /// After these the broker may have what was sent, or may not.
  private static final Set<ActiveMQExceptionType> DOUBTFUL =
      EnumSet.of(
          ActiveMQExceptionType.NOT_CONNECTED,
          ActiveMQExceptionType.CONNECTION_TIMEDOUT,
          ActiveMQExceptionType.DISCONNECTED,
          ActiveMQExceptionType.REMOTE_DISCONNECT,
          ActiveMQExceptionType.UNBLOCKED,
          ActiveMQExceptionType.OBJECT_CLOSED,
          ActiveMQExceptionType.SHUTDOWN_ERROR);

  /// Opens and prepares what this outlet sends through.
  public interface Opening {
    ClientSession open(ClientSessionFactory connection) throws ActiveMQException;
  }

  /// One open session.
  ///
  /// @param broken set when its connection has
  private record Line(
      ClientSessionFactory connection,
      ClientSession session,
      ClientProducer to,
      AtomicBoolean broken) {}

  private final Connections connections;
  private final Topology topology;
  private final boolean confirmed;
  private final Opening opening;
  private final BlockingDeque<Send> waiting = new LinkedBlockingDeque<>();

  /// What has left, and the number by which the broker knows each again.
  private final Map<Send, String> unconfirmed = new ConcurrentHashMap<>();

  private final Interruption interruption = new Interruption();
  private final Thread thread;
  private @Nullable Line line;
  private int ensured;

  /// Whether the first try to connect is over.
  private volatile boolean tried;

  /// Why there is no connection; null while there is one.
  private volatile @Nullable String away = "not connected yet";

  /// When the last connection was given up.
  private volatile long lost = System.nanoTime();

  /// Whether the last try to connect has failed: then nothing is waited for.
  private volatile boolean refused;

  /// @param confirmed whether a send is over when the broker has confirmed it, or when it has left
  public SessionOutlet(
      String name, Connections connections, Topology topology, boolean confirmed, Opening opening) {
    this.connections = connections;
    this.topology = topology;
    this.confirmed = confirmed;
    this.opening = opening;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /// Why the broker cannot be reached; empty if it can.
  Optional<String> away() {
    return Optional.ofNullable(away);
  }

  @Override
  public void send(Send send) {
    if (interruption.asked()) {
      send.over(new QueueUnavailable("this Caravan is stopping"));
    } else if (refused) {
      send.over(unreachable());
    } else {
      waiting.add(send);
      if (interruption.asked() && waiting.remove(send)) {
        send.over(new QueueUnavailable("this Caravan is stopping"));
      }
    }
  }

  @Override
  public void expire(Duration patience) {
    long now = System.nanoTime();
    // whatever became of the connection, the next one has its chance
    boolean cutOff = away != null && now - lost > CONNECTING.toNanos();
    Duration most = cutOff && DOUBT.compareTo(patience) < 0 ? DOUBT : patience;
    for (Send send : List.copyOf(unconfirmed.keySet())) {
      if (now - send.since > most.toNanos()) {
        end(
            send,
            new QueueUnavailable(
                "the broker has not confirmed within "
                    + most.toSeconds()
                    + " s"
                    + (cutOff ? ", and cannot be reached: " + away : "")));
      }
    }
    long longest = (away == null || !tried ? patience : CONNECTING).toNanos();
    for (Send send : List.copyOf(waiting)) {
      if ((refused || now - send.since > longest) && waiting.remove(send)) {
        send.over(unreachable());
      }
    }
  }

  @Override
  public void close() {
    interruption.ask();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private QueueUnavailable unreachable() {
    String why = away;
    return new QueueUnavailable(
        "the broker cannot be reached" + (why == null ? " in time" : ": " + why));
  }

  private void run() {
    while (!interruption.asked()) {
      Line open = line;
      if (open == null) {
        connect();
      } else if (open.broken().get() || open.session().isClosed()) {
        drop("the connection broke");
      } else {
        sendNext(open);
      }
    }
    drop("this Caravan is stopping");
    var stopping = new QueueUnavailable("this Caravan is stopping");
    List.copyOf(unconfirmed.keySet()).forEach(send -> end(send, stopping));
    var left = new ArrayList<Send>();
    waiting.drainTo(left);
    left.forEach(send -> send.over(stopping));
  }

  private void connect() {
    try {
      Line open = open();
      line = open;
      away = null;
      if (refused) {
        LOG.info("the broker can be reached again");
      }
      refused = false;
      sendAgain(open);
    } catch (ActiveMQException | RuntimeException | Error e) {
      drop(String.valueOf(e.getMessage()));
      if (!refused && !interruption.asked()) {
        LOG.warn("the broker cannot be reached: {}", e.getMessage());
      }
      refused = true;
      rest();
    } finally {
      tried = true;
    }
  }

  private Line open() throws ActiveMQException {
    ClientSessionFactory connection = confirmed ? connections.openConfirming() : connections.open();
    try {
      var broken = new AtomicBoolean();
      ClientSession session = opening.open(connection);
      session.addFailureListener(new Break(_ -> broken.set(true)));
      ensured = topology.ensure(session, connections.names());
      var open = new Line(connection, session, session.createProducer(), broken);
      session.start();
      return open;
    } catch (ActiveMQException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  private void rest() {
    try {
      interruption.during(
          () -> {
            Thread.sleep(PAUSE);
            return null;
          });
    } catch (ActiveMQException e) {
      throw new IllegalStateException(e);
    }
  }

  private void sendAgain(Line open) throws ActiveMQException {
    List<Send> again = List.copyOf(unconfirmed.keySet());
    if (!again.isEmpty()) {
      LOG.info("{} messages are sent again that the broker has not confirmed", again.size());
    }
    for (Send send : again) {
      send(open, send);
    }
  }

  private void sendNext(Line open) {
    var batch = new ArrayList<Send>();
    int sent = 0;
    try {
      Send first =
          interruption.<Send>during(() -> waiting.pollFirst(GLANCE, TimeUnit.MILLISECONDS));
      if (first == null) {
        return;
      }
      batch.add(first);
      waiting.drainTo(batch, AT_ONCE);
      if (ensured != topology.version()) {
        ensured = topology.ensure(open.session(), connections.names());
      }
      for (; sent < batch.size(); sent++) {
        send(open, batch.get(sent));
      }
    } catch (ActiveMQException e) {
      failed(batch.subList(sent, batch.size()), e, DOUBTFUL.contains(e.getType()));
    } catch (RuntimeException e) {
      failed(batch.subList(sent, batch.size()), e, false);
    } catch (Error e) {
      failed(
          batch.subList(sent, batch.size()), new QueueUnavailable("our own fault: " + e, e), false);
    }
  }

  private void send(Line open, Send send) throws ActiveMQException {
    var message = send.shape.message(open.session());
    if (confirmed) {
      String number = unconfirmed.computeIfAbsent(send, _ -> UUID.randomUUID().toString());
      message.putStringProperty(Message.HDR_DUPLICATE_DETECTION_ID.toString(), number);
      open.to()
          .send(connections.names().at(send.frame.queue()), message, new Confirmation(open, send));
    } else {
      open.to().send(connections.names().at(send.frame.queue()), message);
      send.over(null);
    }
  }

  /// @param left what has not left
  /// @param ofTheWay whether another connection may do better
  private void failed(List<Send> left, Exception cause, boolean ofTheWay) {
    drop(String.valueOf(cause.getMessage()));
    if (ofTheWay) {
      left.reversed()
          .forEach(
              send -> {
                if (!unconfirmed.containsKey(send)) {
                  waiting.addFirst(send);
                }
              });
    } else {
      left.forEach(send -> end(send, Outlet.unavailable(cause)));
    }
  }

  private void drop(String why) {
    Line open = line;
    line = null;
    if (open != null) {
      lost = System.nanoTime();
    }
    away = why;
    if (open != null) {
      if (!interruption.asked()) {
        LOG.warn("a connection to the broker is given up: {}", why);
      }
      open.connection().close();
    }
  }

  private void end(Send send, @Nullable Throwable failure) {
    unconfirmed.remove(send);
    send.over(failure);
  }

  private final class Confirmation implements SendAcknowledgementHandler {
    private final Line over;
    private final Send send;

    Confirmation(Line over, Send send) {
      this.over = over;
      this.send = send;
    }

    @Override
    public void sendAcknowledged(Message message) {
      end(send, null);
    }

    @Override
    public void sendFailed(Message message, Exception cause) {
      if (cause instanceof ActiveMQException e && DOUBTFUL.contains(e.getType())) {
        // it is sent again over the next connection
        over.broken().set(true);
      } else {
        end(send, Outlet.unavailable(cause));
      }
    }
  }
}
