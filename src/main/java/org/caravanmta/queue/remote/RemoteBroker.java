package org.caravanmta.queue.remote;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.AnswerListener;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Names;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QueueControls;
import org.caravanmta.queue.spi.QueueLook;
import org.caravanmta.queue.spi.SeenMessage;
import org.caravanmta.queue.spi.Topology;
import org.caravanmta.queue.spi.Turns;

/// A broker elsewhere (`broker.url`), which other machines may use, too.
public final class RemoteBroker implements Broker {
  /// Connections for questions, so that more than one answer is taken at a time.
  private static final int CHANNELS = 2;

  private final Connections connections;
  private final RemoteLooks looks;
  private final Turns turns = new Turns();
  private final List<SessionOutlet> outlets = new CopyOnWriteArrayList<>();

  public RemoteBroker(String url, String user, String password) {
    this(url, user, password, "");
  }

  /// @param url see {@link org.caravanmta.queue.spi.BrokerUrl}
  /// @param user empty for none
  /// @param prefix what the names of the queues begin with there
  /// @throws IllegalArgumentException if it is not such a URL
  public RemoteBroker(String url, String user, String password, String prefix) {
    this.connections = new Connections(url, user, password, new Names(prefix));
    this.looks = new RemoteLooks(connections);
  }

  @Override
  public Link settling() throws ActiveMQException {
    ClientSessionFactory connection = connections.open();
    try {
      ClientSession session = connections.transacted(connection);
      return new SessionLink(connection, session, session, connections.names());
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Link asking() throws ActiveMQException {
    ClientSessionFactory connection = connections.open();
    try {
      // a session is for one thread at a time: one receives, others answer
      return new SessionLink(
          connection,
          connections.direct(connection),
          connections.direct(connection),
          connections.names());
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Outlet outlet(String name, Topology topology) {
    var outlet = new SessionOutlet(name, connections, topology, true, connections::direct);
    outlets.add(outlet);
    return outlet;
  }

  @Override
  public List<SessionChannel> channels(Topology topology, AnswerListener answers) {
    return IntStream.range(0, CHANNELS)
        .mapToObj(number -> new SessionChannel(number, connections, topology, answers))
        .toList();
  }

  @Override
  public boolean diskFull() {
    return false;
  }

  @Override
  public boolean elsewhere() {
    return true;
  }

  @Override
  public Optional<String> away() {
    return outlets.stream().flatMap(outlet -> outlet.away().stream()).findFirst();
  }

  @Override
  public void reportStrays(Collection<String> known) {
    // its other users' queues may be any
  }

  @Override
  public QueueLook look(String queue) {
    return looks.at(queue);
  }

  @Override
  public List<SeenMessage> taken(String queue, ClientSession session) throws Exception {
    return new QueueControls(session, connections.names()).taken(queue);
  }

  @Override
  public Desk desk() throws ActiveMQException {
    return SessionDesk.open(connections);
  }

  @Override
  public Turn turn() throws ActiveMQException, InterruptedException {
    Turn here = turns.take();
    try {
      Turn everywhere = SharedTurn.take(connections);
      return () -> {
        try {
          everywhere.close();
        } finally {
          here.close();
        }
      };
    } catch (ActiveMQException | InterruptedException | RuntimeException e) {
      here.close();
      throw e;
    }
  }

  @Override
  public Connections connections() {
    return connections;
  }

  @Override
  public void close() {
    looks.close();
    connections.close();
  }
}
