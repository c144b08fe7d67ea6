package org.caravanmta.queue.spi;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQObjectClosedException;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.jspecify.annotations.Nullable;

/// Connections of the Artemis client to a broker. The client never reconnects here, so no call of
/// it waits for a broker that is down: whoever has a connection that breaks opens another. Any
/// number may be opened at a time, and none waits for another.
public final class Connections implements AutoCloseable {
  /// Confirmations of durable sends are those of the journal only when this is set; without it the
  /// client confirms what it has merely written to the connection.
  private static final int CONFIRMATION_WINDOW = 1 << 20;

  /// Larger messages become files. No message of ours should: content above 64 KiB is stored apart.
  private static final int LARGE = 256 << 10;

  /// Threads that tell the broker that we live, and look whether it does.
  private static final int PULSES = 2;

  private final BrokerUrl url;
  private final Names names;
  private final @Nullable String user;
  private final @Nullable String password;

  // a callback that waits must not keep the threads that move packets
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("broker-client-", 0).factory());
  private final ScheduledExecutorService pulses =
      Executors.newScheduledThreadPool(
          PULSES, Thread.ofPlatform().daemon().name("broker-pulse-", 0).factory());

  private final Set<ServerLocator> all = ConcurrentHashMap.newKeySet();
  private final Queue<ServerLocator> confirming = new ConcurrentLinkedQueue<>();
  private final Queue<ServerLocator> settling = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /// @param url see {@link BrokerUrl}
  /// @param user empty for none
  /// @param names what the queues are called there
  /// @throws IllegalArgumentException if it is not such a URL
  public Connections(String url, String user, String password, Names names) {
    this.url = new BrokerUrl(url);
    this.names = names;
    this.user = user.isEmpty() ? null : user;
    this.password = password.isEmpty() ? null : password;
    settling.add(locator(0));
  }

  /// Closes every connection opened here.
  @Override
  public void close() {
    closed = true;
    all.forEach(ServerLocator::close);
    pulses.shutdownNow();
    threads.shutdown();
  }

  /// What the queues are called at this broker.
  public Names names() {
    return names;
  }

  /// A connection whose sessions confirm each send.
  public ClientSessionFactory openConfirming() throws ActiveMQException {
    return open(confirming, CONFIRMATION_WINDOW);
  }

  /// A connection whose sessions do not: for transactions, which are confirmed by their commit, and
  /// for what need not arrive.
  public ClientSessionFactory open() throws ActiveMQException {
    return open(settling, 0);
  }

  /// Sends and acknowledgements take effect at the commit.
  public ClientSession transacted(ClientSessionFactory connection) throws ActiveMQException {
    return connection.createSession(user, password, false, false, false, false, 0);
  }

  /// Sends take effect at once; what is received counts as acknowledged.
  public ClientSession direct(ClientSessionFactory connection) throws ActiveMQException {
    return connection.createSession(user, password, false, true, true, true, 0);
  }

  /// A locator makes one connection at a time, however long the broker takes to answer: each is
  /// used by one thread until that is done.
  ///
  /// @param free those that no thread uses
  private ClientSessionFactory open(Queue<ServerLocator> free, int confirmationWindow)
      throws ActiveMQException {
    ServerLocator known = free.poll();
    ServerLocator locator = known == null ? locator(confirmationWindow) : known;
    try {
      if (closed) {
        locator.close();
        throw new ActiveMQObjectClosedException("this Caravan is stopping");
      }
      return locator.createSessionFactory();
    } catch (ActiveMQException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no connection to the broker: " + e.getMessage(), e);
    } finally {
      free.add(locator);
    }
  }

  private ServerLocator locator(int confirmationWindow) {
    ServerLocator locator =
        url.locator()
            .setBlockOnDurableSend(false)
            .setBlockOnNonDurableSend(false)
            .setBlockOnAcknowledge(false)
            .setProducerWindowSize(-1)
            .setMinLargeMessageSize(LARGE);
    if (confirmationWindow > 0) {
      locator.setConfirmationWindowSize(confirmationWindow);
    }
    locator.setThreadPools(threads, pulses, threads);
    all.add(locator);
    return locator;
  }
}
