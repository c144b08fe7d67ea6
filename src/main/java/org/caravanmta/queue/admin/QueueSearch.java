package org.caravanmta.queue.admin;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.Truth;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.Desk;

/// Finds queued messages, one by one: there may be more than fit into memory.
record QueueSearch(Broker broker, Codecs codecs) {
  /// Passes on every message that is meant. What stages have taken comes first: a message that is
  /// settled or put back meanwhile is seen twice rather than not at all.
  void find(List<String> queues, Selector selector, Instant now, Consumer<QueueEntry> use)
      throws Exception {
    try (Desk desk = broker.desk()) {
      for (String queue : queues) {
        if (desk.exists(queue)) {
          desk.taken(queue).stream()
              .map(seen -> QueueEntry.of(queue, true, seen, codecs))
              .filter(entry -> isMeant(entry, selector, now))
              .forEach(use);
          desk.browse(
              queue,
              seen -> {
                QueueEntry entry = QueueEntry.of(queue, false, seen, codecs);
                if (isMeant(entry, selector, now)) {
                  use.accept(entry);
                }
                return true;
              });
        }
      }
    }
  }

  /// A question to a stage has no id, and is not mail.
  private boolean isMeant(QueueEntry entry, Selector selector, Instant now) {
    return (entry.id().isPresent() || entry.queue().equals(Queues.DEAD))
        && selector.of(new JudgedEntry(entry, codecs, now)) == Truth.YES;
  }
}
