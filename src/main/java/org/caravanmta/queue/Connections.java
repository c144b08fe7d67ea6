package org.caravanmta.queue;

import java.util.Collection;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.caravanmta.queue.embedded.DirectIntake;
import org.caravanmta.queue.embedded.DirectLink;
import org.caravanmta.queue.embedded.DirectOutlet;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.embedded.Interior;
import org.caravanmta.queue.remote.SessionLink;
import org.caravanmta.queue.remote.SessionOutlet;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// The way to the broker, embedded or external (`broker.url`). Code that needs the broker opens a
/// connection of its own, and opens another when that one breaks: the Artemis client itself never
/// reconnects here, so no call of it waits for a broker that is down.
public final class Connections implements AutoCloseable {
  /// Confirmations of durable sends are those of the journal only when this is set; without it the
  /// client confirms what it has merely written to the connection.
  private static final int CONFIRMATION_WINDOW = 1 << 20;

  /// Larger messages become files. No message of ours should: content above 64 KiB is stored apart.
  private static final int LARGE = 256 << 10;

  private final ServerLocator confirming;
  private final ServerLocator settling;
  private final @Nullable String user;
  private final @Nullable String password;
  private final Optional<EmbeddedBroker> embedded;

  private Connections(
      String url,
      @Nullable String user,
      @Nullable String password,
      Optional<EmbeddedBroker> embedded) {
    this.confirming = locator(url).setConfirmationWindowSize(CONFIRMATION_WINDOW);
    this.settling = locator(url);
    this.user = user;
    this.password = password;
    this.embedded = embedded;
  }

  public static Connections embedded(EmbeddedBroker broker) {
    return new Connections(broker.url(), null, null, Optional.of(broker));
  }

  /// @param url `tcp://host:61616`, or `(tcp://a:61616,tcp://b:61616)?ha=true`; may carry the
  ///   broker's TLS parameters
  /// @param user empty for none
  /// @throws IllegalArgumentException if it is not such a URL
  public static Connections external(String url, String user, String password) {
    return new Connections(
        url, user.isEmpty() ? null : user, user.isEmpty() ? null : password, Optional.empty());
  }

  /// Closes every connection opened here.
  @Override
  public void close() {
    confirming.close();
    settling.close();
  }

  /// The broker in this process, if it is here.
  public Optional<EmbeddedBroker> broker() {
    return embedded;
  }

  /// Whether the embedded broker takes nothing more, for lack of disk. An external one says so when
  /// something is sent to it.
  public boolean diskFull() {
    return embedded.map(broker -> broker.room().full()).orElse(false);
  }

  /// Writes to the log which queues hold mail that nobody will take, or get none, though they
  /// should. Not asked of a broker elsewhere, which may have other users.
  ///
  /// @param known the queues of all routes
  public void reportStrays(Collection<String> known) {
    embedded.ifPresent(broker -> broker.reportStrays(known));
  }

  /// The inside of the broker, if it is in this process.
  public Optional<Interior> interior() {
    return embedded.map(EmbeddedBroker::interior);
  }

  /// A link whose sends and settlements take effect at the commit.
  public Link settling() throws ActiveMQException {
    if (embedded.isPresent()) {
      return new DirectLink(embedded.get().interior(), DirectIntake.Settled.BY_THE_READER);
    }
    ClientSessionFactory connection = open();
    try {
      ClientSession session = transacted(connection);
      return new SessionLink(connection, session, session);
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// A link for questions and answers: what is taken is settled, what is sent is gone.
  public Link asking() throws ActiveMQException {
    if (embedded.isPresent()) {
      return new DirectLink(embedded.get().interior(), DirectIntake.Settled.AT_ONCE);
    }
    ClientSessionFactory connection = open();
    try {
      // a session is for one thread at a time: one receives, others answer
      return new SessionLink(connection, direct(connection), direct(connection));
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// Where frames leave outside any transaction, each confirmed when it is on the disk.
  public Outlet outlet(String name, Topology topology) {
    return embedded
        .<Outlet>map(broker -> new DirectOutlet(this, broker.interior(), topology))
        .orElseGet(() -> new SessionOutlet(name, this, topology, true, this::direct));
  }

  /// A connection whose sessions confirm each send.
  public ClientSessionFactory openConfirming() throws ActiveMQException {
    return open(confirming);
  }

  /// A connection whose sessions do not: for transactions, which are confirmed by their commit, and
  /// for what need not arrive.
  public ClientSessionFactory open() throws ActiveMQException {
    return open(settling);
  }

  /// Sends and acknowledgements take effect at the commit.
  public ClientSession transacted(ClientSessionFactory connection) throws ActiveMQException {
    return connection.createSession(user, password, false, false, false, false, 0);
  }

  /// Sends take effect at once; what is received counts as acknowledged.
  public ClientSession direct(ClientSessionFactory connection) throws ActiveMQException {
    return connection.createSession(user, password, false, true, true, true, 0);
  }

  private static ClientSessionFactory open(ServerLocator locator) throws ActiveMQException {
    try {
      return locator.createSessionFactory();
    } catch (ActiveMQException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no connection to the broker: " + e.getMessage(), e);
    }
  }

  private static ServerLocator locator(String url) {
    try {
      return ActiveMQClient.createServerLocator(url)
          .setReconnectAttempts(0)
          .setInitialConnectAttempts(1)
          .setFailoverAttempts(0)
          .setBlockOnDurableSend(false)
          .setBlockOnNonDurableSend(false)
          .setBlockOnAcknowledge(false)
          .setProducerWindowSize(-1)
          .setMinLargeMessageSize(LARGE)
          // a callback that waits must not keep the threads that move packets
          .setUseGlobalPools(false)
          .setThreadPoolMaxSize(-1)
          .setScheduledThreadPoolMaxSize(1);
    } catch (Exception e) {
      throw new IllegalArgumentException("broker.url " + url + ": " + e.getMessage(), e);
    }
  }
}
