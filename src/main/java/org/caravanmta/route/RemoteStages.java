package org.caravanmta.route;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;
import org.caravanmta.queue.BrokerChoice;

/// The transports and filters whose queues routes on other machines may consume: when the broker is
/// a process of its own (`broker.url`), a directory of route files need not have every stage.
///
/// @param transports names of transports that have a queue, `delivery.NAME`, even if no route here
///   names it
/// @param filters the queues of content filters
public record RemoteStages(Set<String> transports, Set<String> filters) {
  /// Those of the settings; none when the broker is embedded.
  public static RemoteStages of(BrokerChoice broker) {
    var transports = new TreeSet<String>();
    var filters = new TreeSet<String>();
    if (broker.url().isPresent()) {
      transports.addAll(Transport.keys());
      broker.transports().forEach(name -> (Queues.isFilter(name) ? filters : transports).add(name));
    }
    return new RemoteStages(transports, filters);
  }

  /// The queues of all of them.
  public List<String> queues() {
    return Stream.concat(transports.stream().map(Queues::delivery), filters.stream()).toList();
  }
}
