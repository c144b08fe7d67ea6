package org.caravanmta.queue.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;

/// The mail on queues as it is listed, with all that is on `dead` (postfix `showq(8)`).
record ListedMail(Broker broker, Codecs codecs) {
  /// Passes on each message, one by one: there may be more than fit into memory.
  void list(List<String> queues, Consumer<QueueEntry> use) throws Exception {
    try (var desk = AdminConnection.open(broker, codecs)) {
      for (String queue : queues) {
        if (desk.exists(queue)) {
          var look = new WholeLook(entry -> isMail(queue, entry), use);
          desk.taken(queue).forEach(look::at);
          desk.browse(queue, BrokerFilter.mailOn(queue), look::at);
          desk.taken(queue).forEach(look::at);
        }
      }
    }
  }

  /// What stages have taken and not settled of what is meant.
  List<QueueEntry> taken(List<String> queues, Predicate<QueueEntry> meant) throws Exception {
    var taken = new ArrayList<QueueEntry>();
    try (var desk = AdminConnection.open(broker, codecs)) {
      for (String queue : queues) {
        if (desk.exists(queue)) {
          desk.taken(queue).stream()
              .filter(entry -> isMail(queue, entry) && meant.test(entry))
              .forEach(taken::add);
        }
      }
    }
    return taken;
  }

  private static boolean isMail(String queue, QueueEntry entry) {
    return entry.id().isPresent() || queue.equals(Queues.DEAD);
  }
}
