package org.caravanmta;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.config.Settings;

/// The queues that routes on other machines may empty: where the broker is a process of its own
/// (`broker.url`), a directory of route files need not hold every stage.
///
/// @param transports those that have a queue, `delivery.NAME`, although no route here names it
record RemoteStages(Set<String> transports) {
  static final String TRANSPORT = "delivery.";

  private static final List<String> SHIPPED =
      List.of("smtp", "lmtp", "local", "virtual", "pipe", "filter", "error", "discard");

  static RemoteStages of(Settings.Broker broker) {
    var transports = new TreeSet<String>();
    if (broker.url().isPresent()) {
      transports.addAll(SHIPPED);
      transports.addAll(broker.transports());
    }
    return new RemoteStages(transports);
  }

  List<String> queues() {
    return transports.stream().map(TRANSPORT::concat).toList();
  }
}
