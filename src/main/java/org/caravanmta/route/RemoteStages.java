package org.caravanmta.route;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;
import org.caravanmta.queue.BrokerChoice;

/// The queues that routes on other machines may empty: where the broker is a process of its own
/// (`broker.url`), a directory of route files need not hold every stage.
///
/// @param transports those that have a queue, `delivery.NAME`, although no route here names it
public record RemoteStages(Set<String> transports) {
  public static RemoteStages of(BrokerChoice broker) {
    var transports = new TreeSet<String>();
    if (broker.url().isPresent()) {
      transports.addAll(Transport.keys());
      transports.addAll(broker.transports());
    }
    return new RemoteStages(transports);
  }

  public List<String> queues() {
    return transports.stream().map(Queues::delivery).toList();
  }
}
