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
  /// Passes on every message that is meant.
  void find(List<String> queues, Selector selector, Instant now, Consumer<QueueEntry> use)
      throws Exception {
    try (Desk desk = broker.desk()) {
      for (String queue : queues) {
        if (desk.exists(queue)) {
          var look = new WholeLook(entry -> isMeant(entry, selector, now), use);
          taken(queue, desk, look);
          desk.browse(
              queue,
              seen -> {
                look.at(QueueEntry.of(queue, false, seen, codecs));
                return true;
              });
          taken(queue, desk, look);
        }
      }
    }
  }

  private void taken(String queue, Desk desk, WholeLook look) throws Exception {
    desk.taken(queue).forEach(seen -> look.at(QueueEntry.of(queue, true, seen, codecs)));
  }

  /// A question to a stage has no id, and is not mail.
  private boolean isMeant(QueueEntry entry, Selector selector, Instant now) {
    return (entry.id().isPresent() || entry.queue().equals(Queues.DEAD))
        && selector.of(new JudgedEntry(entry, codecs, now)) == Truth.YES;
  }
}
