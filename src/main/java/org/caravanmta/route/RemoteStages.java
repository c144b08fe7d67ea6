package org.caravanmta.route;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;
import org.caravanmta.queue.BrokerChoice;

/// The transports whose queues routes on other machines may consume: when the broker is a process
/// of its own (`broker.url`), a directory of route files need not have every stage.
///
/// @param transports names of transports that have a queue, `delivery.NAME`, even if no route here
///   names it
public record RemoteStages(Set<String> transports) {
  /// The transports of the settings; none when the broker is embedded.
  public static RemoteStages of(BrokerChoice broker) {
    var transports = new TreeSet<String>();
    if (broker.url().isPresent()) {
      transports.addAll(Transport.keys());
      transports.addAll(broker.transports());
    }
    return new RemoteStages(transports);
  }

  /// The queues of the transports.
  public List<String> queues() {
    return transports.stream().map(Queues::delivery).toList();
  }
}
