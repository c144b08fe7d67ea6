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
import org.caravanmta.message.Queues;

/// The queues there are. Each is durable, and an address of its own name; every new connection
/// makes those that are missing, so that a broker that comes back empty has them again.
public final class Topology {
  private final Set<String> names =
      new ConcurrentSkipListSet<>(
          List.of(Queues.DEAD, Queues.HOLD, Queues.QUARANTINE, Queues.OPERATOR));
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
    return Queues.isFamily(name)
        ? names.stream().filter(known -> Queues.covers(name, known)).toList()
        : List.of(name);
  }

  /// Makes the queues that are missing.
  ///
  /// @param there what they are called at the broker
  /// @return the version whose queues are there now
  public int ensure(ClientSession session, Names there) throws ActiveMQException {
    int ensured = version;
    for (String name : names) {
      ensure(
          session,
          QueueConfiguration.of(there.at(name))
              .setRoutingType(RoutingType.ANYCAST)
              .setDurable(true));
    }
    return ensured;
  }

  /// Makes a queue, at an address of its name, if it is missing. When another connection is faster
  /// it may not be there yet: whoever uses it fails then, and tries again.
  public static void ensure(ClientSession session, QueueConfiguration queue)
      throws ActiveMQException {
    SimpleString name = queue.getName();
    if (session.queueQuery(name).isExists()) {
      return;
    }
    try {
      if (!session.addressQuery(name).isExists()) {
        session.createAddress(name, RoutingType.ANYCAST, false);
      }
      session.createQueue(queue.setAddress(name));
    } catch (ActiveMQQueueExistsException | ActiveMQAddressExistsException e) {
      // another connection has made it, or is about to
    }
  }
}
