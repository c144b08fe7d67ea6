package org.caravanmta.queue.admin;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Picked;

/// The messages of queues, to be seen one by one, and to be put in the place of others while mail
/// flows.
public final class QueueContents {
  private final Broker broker;
  private final Codecs codecs;
  private final Supplier<Collection<String>> queues;
  private final ContentClaims claims;

  /// @param queues every queue there is
  /// @param claims gets back the stored content of what is deleted
  QueueContents(
      Broker broker, Codecs codecs, Supplier<Collection<String>> queues, ContentClaims claims) {
    this.broker = broker;
    this.codecs = codecs;
    this.queues = queues;
    this.claims = claims;
  }

  /// Passes on every message on queues of a kind, one by one, with all of it where it can be read.
  /// What stages have taken comes first: a message that is put back meanwhile is seen twice.
  public void each(Predicate<String> which, BiConsumer<QueueEntry, Optional<Mail>> use)
      throws Exception {
    each(which, Selector.all(), use);
  }

  /// Likewise, those that a selector means.
  public void each(
      Predicate<String> which, Selector selector, BiConsumer<QueueEntry, Optional<Mail>> use)
      throws Exception {
    new QueueSearch(broker, codecs)
        .find(
            Selection.alongTheFlow(queues.get().stream().filter(which).sorted().toList()),
            selector,
            Instant.EPOCH,
            entry -> use.accept(entry, entry.mail(codecs)));
  }

  /// How many messages are on queues of a kind.
  public long count(Predicate<String> which) throws Exception {
    long count = 0;
    try (Desk desk = broker.desk()) {
      for (String queue : queues.get()) {
        if (which.test(queue) && desk.exists(queue)) {
          count += desk.count(queue);
        }
      }
    }
    return count;
  }

  /// Has a message on a queue go on in another form, unless it was taken, moved or deleted since it
  /// was seen.
  ///
  /// @return whether it does
  public boolean replace(QueueEntry seen, Task by) throws Exception {
    return replace(seen, List.of(by));
  }

  /// Likewise, in several parts: all of them, or none.
  public boolean replace(QueueEntry seen, List<Task> by) throws Exception {
    var picked = new Picked();
    picked.add(seen.number(), new Picked.Item(seen.id(), seen.content(), seen.recipients().size()));
    try (Desk desk = broker.desk()) {
      long done =
          new Workbench(broker)
              .change(
                  desk,
                  seen.queue(),
                  picked,
                  _ -> by.stream().map(task -> Frame.of(task, codecs, true)).toList());
      return done == 1;
    }
  }

  /// Deletes a message, unless it was taken, moved or deleted since it was seen.
  ///
  /// @return whether it did
  public boolean remove(QueueEntry seen) throws Exception {
    var picked = new Picked();
    picked.add(seen.number(), new Picked.Item(seen.id(), seen.content(), seen.recipients().size()));
    try (Desk desk = broker.desk()) {
      boolean done = desk.remove(seen.queue(), picked) > 0;
      if (done) {
        seen.content().ifPresent(claims::release);
      }
      return done;
    }
  }

  /// Puts values on queues, all or none.
  public void put(List<Task> tasks) throws Exception {
    try (Link link = broker.settling()) {
      for (Task task : tasks) {
        link.send(Frame.of(task, codecs, true));
      }
      link.commit();
    }
  }
}
