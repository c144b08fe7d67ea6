package org.caravanmta.queue.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
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
public final class SessionOutlet implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOutlet.class);

  /// After a connection could not be made, the next try.
  private static final long PAUSE_NANOS = 500_000_000L;

  private static final int AT_ONCE = 256;

  /// Opens and prepares what this outlet sends through.
  public interface Opening {
    ClientSession open(ClientSessionFactory connection) throws ActiveMQException;
  }

  /// One open session.
  private record Line(ClientSessionFactory connection, ClientSession session, ClientProducer to) {}

  private final Connections connections;
  private final Topology topology;
  private final boolean confirmed;
  private final Opening opening;
  private final BlockingQueue<Send> waiting = new LinkedBlockingQueue<>();
  private final Set<Send> unconfirmed = ConcurrentHashMap.newKeySet();
  private final Interruption interruption = new Interruption();
  private final Thread thread;
  private @Nullable Line line;
  private int ensured;
  private long notBefore = System.nanoTime();
  private volatile boolean broken;

  /// @param confirmed whether a send is over when the broker has confirmed it, or when it has left
  public SessionOutlet(
      String name, Connections connections, Topology topology, boolean confirmed, Opening opening) {
    this.connections = connections;
    this.topology = topology;
    this.confirmed = confirmed;
    this.opening = opening;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  @Override
  public void send(Send send) {
    if (interruption.asked()) {
      send.over(new QueueUnavailable("this Caravan is stopping"));
      return;
    }
    waiting.add(send);
    if (interruption.asked() && waiting.remove(send)) {
      send.over(new QueueUnavailable("this Caravan is stopping"));
    }
  }

  @Override
  public void expire(Duration patience) {
    long now = System.nanoTime();
    for (var sends : List.of(unconfirmed, waiting)) {
      for (Send send : List.copyOf(sends)) {
        if (now - send.since > patience.toNanos() && sends.remove(send)) {
          send.over(new QueueUnavailable("the broker has not confirmed within " + patience));
        }
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

  private void run() {
    var batch = new ArrayList<Send>();
    while (!interruption.asked()) {
      batch.clear();
      try {
        Send first = interruption.<Send>during(waiting::take);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, AT_ONCE);
          send(batch);
        }
      } catch (ActiveMQException | RuntimeException e) {
        drop(e);
        fail(batch, e);
      } catch (Error e) {
        var cause = new QueueUnavailable("our own fault: " + e, e);
        drop(cause);
        fail(batch, cause);
      }
    }
    waiting.drainTo(batch);
    drop(new QueueUnavailable("this Caravan is stopping"));
    fail(batch, new QueueUnavailable("this Caravan is stopping"));
  }

  private void send(List<Send> batch) throws ActiveMQException {
    Line open = line();
    if (ensured != topology.version()) {
      ensured = topology.ensure(open.session());
    }
    for (Send send : batch) {
      var message = send.shape.message(open.session());
      if (confirmed) {
        unconfirmed.add(send);
        open.to().send(SimpleString.of(send.frame.queue()), message, new Confirmation(send));
      } else {
        open.to().send(send.frame.queue(), message);
        send.over(null);
      }
    }
    if (broken) {
      // the connection broke before these were seen by the listener
      throw new QueueUnavailable("the connection to the broker broke");
    }
  }

  private Line line() throws ActiveMQException {
    Line open = line;
    if (open != null && !broken && !open.session().isClosed()) {
      return open;
    }
    if (open != null) {
      drop(new QueueUnavailable("the connection to the broker broke"));
    }
    if (System.nanoTime() - notBefore < 0) {
      throw new QueueUnavailable("the broker cannot be reached");
    }
    notBefore = System.nanoTime() + PAUSE_NANOS;
    ClientSessionFactory connection = confirmed ? connections.openConfirming() : connections.open();
    try {
      broken = false;
      ensured = 0;
      var session = opening.open(connection);
      session.addFailureListener(new Break(this::broke));
      open = new Line(connection, session, session.createProducer());
      session.start();
      line = open;
      notBefore = System.nanoTime();
      return open;
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void broke(ActiveMQException cause) {
    broken = true;
    failAllUnconfirmed(cause);
  }

  private void drop(Exception cause) {
    Line open = line;
    line = null;
    failAllUnconfirmed(cause);
    if (open != null) {
      if (!interruption.asked()) {
        LOG.warn("the connection to the broker is given up: {}", cause.getMessage());
      }
      open.connection().close();
    }
  }

  private void fail(List<Send> batch, Exception cause) {
    batch.forEach(send -> end(send, Outlet.unavailable(cause)));
  }

  private void failAllUnconfirmed(Exception cause) {
    unconfirmed.forEach(send -> end(send, Outlet.unavailable(cause)));
  }

  private void end(Send send, @Nullable Throwable failure) {
    unconfirmed.remove(send);
    send.over(failure);
  }

  private final class Confirmation implements SendAcknowledgementHandler {
    private final Send send;

    Confirmation(Send send) {
      this.send = send;
    }

    @Override
    public void sendAcknowledged(Message message) {
      end(send, null);
    }

    @Override
    public void sendFailed(Message message, Exception cause) {
      end(send, Outlet.unavailable(cause));
    }
  }
}
