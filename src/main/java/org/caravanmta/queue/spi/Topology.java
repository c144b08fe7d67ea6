package org.caravanmta.queue.spi;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQAddressExistsException;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQQueueExistsException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;

/// The queues there are. Each is durable, and an address of its own name; every new connection
/// makes those that are missing, so that a broker that comes back empty has them again.
public final class Topology {
  public static final String DEAD = "dead";
  public static final String HOLD = "hold";
  public static final String DEFERRED = "deferred.";
  static final String FAMILY = ".*";

  private final Set<String> names = new ConcurrentSkipListSet<>(List.of(DEAD, HOLD));
  private final Consumer<String> onNew;
  private volatile int version = 1;

  /// @param onNew told of each name once
  public Topology(Consumer<String> onNew) {
    this.onNew = onNew;
    names.forEach(onNew);
  }

  public synchronized void add(Collection<String> more) {
    for (String name : more) {
      if (names.add(name)) {
        onNew.accept(name);
        version++;
      }
    }
  }

  /// Grows with each queue that is added: a session that has made all of an earlier version makes
  /// the new ones before it sends again.
  public int version() {
    return version;
  }

  public Collection<String> all() {
    return List.copyOf(names);
  }

  public boolean knows(String name) {
    return names.contains(name);
  }

  /// The queues that `name` stands for: itself, or those of its family.
  public List<String> named(String name) {
    return isFamily(name)
        ? names.stream().filter(known -> known.startsWith(prefix(name))).toList()
        : List.of(name);
  }

  public static boolean isFamily(String name) {
    return name.endsWith(FAMILY);
  }

  /// Whether a task for `queue` may go through a step that names `name`.
  public static boolean covers(String name, String queue) {
    return isFamily(name) ? queue.startsWith(prefix(name)) : queue.equals(name);
  }

  /// Makes the queues that are missing.
  ///
  /// @return the version whose queues are there now
  public int ensure(ClientSession session) throws ActiveMQException {
    int ensured = version;
    for (String name : names) {
      ensure(session, name);
    }
    return ensured;
  }

  private static void ensure(ClientSession session, String name) throws ActiveMQException {
    if (session.queueQuery(SimpleString.of(name)).isExists()) {
      return;
    }
    try {
      if (!session.addressQuery(SimpleString.of(name)).isExists()) {
        session.createAddress(SimpleString.of(name), RoutingType.ANYCAST, false);
      }
      session.createQueue(
          QueueConfiguration.of(name)
              .setAddress(name)
              .setRoutingType(RoutingType.ANYCAST)
              .setDurable(true));
    } catch (ActiveMQQueueExistsException | ActiveMQAddressExistsException e) {
      // another connection is faster, and has made the queue when this one needs it, or this one
      // fails and tries again
    }
  }

  private static String prefix(String family) {
    return family.substring(0, family.length() - 1);
  }
}
