package org.caravanmta.queue.admin;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.QueueUnavailable;

/// The references to stored content that queued messages hold: all of them, or it fails.
record ContentRefs(Broker broker, Codecs codecs) {
  /// Those that these queues hold.
  ///
  /// @throws QueueUnavailable if not every message could be seen
  Set<String> on(List<String> queues) throws Exception {
    var refs = new HashSet<String>();
    try (var desk = AdminConnection.open(broker, codecs)) {
      for (String queue : queues) {
        if (desk.exists(queue)) {
          long there = desk.count(queue);
          OptionalLong looked = broker.contents(queue, refs::add);
          long seen = looked.isPresent() ? looked.getAsLong() : ask(desk, queue, refs);
          if (seen < there) {
            throw new QueueUnavailable(
                "only " + seen + " of the " + there + " messages on " + queue + " could be seen");
          }
        }
      }
    }
    return refs;
  }

  /// @return how many messages were seen
  private static long ask(AdminConnection desk, String queue, Set<String> refs) throws Exception {
    var seen = new AtomicLong();
    Consumer<QueueEntry> note =
        entry -> {
          seen.incrementAndGet();
          entry.content().ifPresent(refs::add);
        };
    desk.taken(queue).forEach(note);
    desk.browse(queue, "", note);
    return seen.get();
  }
}
