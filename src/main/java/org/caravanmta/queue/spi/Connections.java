package org.caravanmta.queue.spi;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.jspecify.annotations.Nullable;

/// Connections of the Artemis client to a broker. The client never reconnects here, so no call of
/// it waits for a broker that is down: whoever has a connection that breaks opens another.
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

  /// @param url `tcp://host:61616`, or `(tcp://a:61616,tcp://b:61616)?ha=true`; may carry the
  ///   broker's TLS parameters
  /// @param user empty for none
  /// @throws IllegalArgumentException if it is not such a URL
  public Connections(String url, String user, String password) {
    this.confirming = locator(url).setConfirmationWindowSize(CONFIRMATION_WINDOW);
    this.settling = locator(url);
    this.user = user.isEmpty() ? null : user;
    this.password = password.isEmpty() ? null : password;
  }

  /// Closes every connection opened here.
  @Override
  public void close() {
    confirming.close();
    settling.close();
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
