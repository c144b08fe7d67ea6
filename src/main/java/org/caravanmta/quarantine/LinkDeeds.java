package org.caravanmta.quarantine;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.caravanmta.event.Events;
import org.caravanmta.event.QuarantineEvent;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.QueueEntry;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.restriction.blocked.Blocklist;
import org.caravanmta.state.QuarantineIndex;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.StateUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what links ask for. Who releases or deletes a message does so for himself only: it stays
/// for its other recipients.
///
/// @param store has the bodies that are too large for a queue message
/// @param refs makes references of stored bodies
record LinkDeeds(
    QueueAdmin queues,
    Inventory inventory,
    QuarantineIndex index,
    Blocklist blocklist,
    ContentStore store,
    Supplier<String> refs,
    InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(LinkDeeds.class);

  /// What came of it.
  enum Outcome {
    DONE,
    /// It was so before.
    ALREADY,
    /// Another is at it, or may be.
    LATER,
    /// The message lies at another node of the cluster.
    ELSEWHERE
  }

  /// What the index knows of the message, if it still lies there for whom the link is.
  Optional<Quarantined> entry(DigestLink link) throws StateUnavailable {
    return index.of(link.id()).stream()
        .filter(entry -> link.all() || entry.recipients().stream().anyMatch(to -> isSame(to, link)))
        .findFirst();
  }

  /// Whether a sender is blocked already.
  boolean isBlocked(DigestLink link) {
    return blocklist.has(link.sender(), link.recipient());
  }

  Outcome carryOut(DigestLink link) throws Exception {
    if (link.deed() == DigestLink.Deed.BLOCK) {
      return blocklist.add(link.sender(), link.recipient(), link.by())
          ? Outcome.DONE
          : Outcome.ALREADY;
    }
    if (!queues.mayBegin()) {
      return Outcome.LATER;
    }
    boolean done = false;
    for (Found found : found(link)) {
      done |= found.mail().isPresent() && taken(found.entry(), found.mail().get(), link);
    }
    if (done) {
      return Outcome.DONE;
    }
    if (!found(link).isEmpty()) {
      return Outcome.LATER;
    }
    return entry(link).filter(this::isElsewhere).isPresent() ? Outcome.ELSEWHERE : Outcome.ALREADY;
  }

  private boolean isElsewhere(Quarantined entry) {
    return inventory.isShared() && !entry.node().equals(index.node());
  }

  private record Found(QueueEntry entry, Optional<Mail> mail) {}

  /// The parts of the message that are his. One that cannot be read now may be.
  private List<Found> found(DigestLink link) throws Exception {
    var found = new ArrayList<Found>();
    queues
        .contents()
        .each(
            Queues::isQuarantine,
            new Selector.Ids(Set.of(link.id())),
            (entry, mail) -> {
              if (mail.isEmpty() || !his(mail.get(), link).isEmpty()) {
                found.add(new Found(entry, mail));
              }
            });
    return found;
  }

  private boolean taken(QueueEntry entry, Mail mail, DigestLink link) throws Exception {
    List<Recipient> his = his(mail, link);
    List<Recipient> others =
        mail.recipients().stream().filter(recipient -> !his.contains(recipient)).toList();
    boolean released = link.deed() == DigestLink.Deed.RELEASE;
    var parts = new ArrayList<Task>();
    if (released) {
      parts.add(
          new Task(Queues.ROUTING, mail.with(mail.envelope().released(clock.instant())).with(his)));
    }
    Optional<Mail> rest =
        others.isEmpty()
            ? Optional.empty()
            : Optional.of(released ? copy(mail).with(others) : mail.with(others));
    rest.ifPresent(it -> parts.add(new Task(entry.queue(), it)));
    boolean done =
        parts.isEmpty() ? queues.contents().remove(entry) : queues.contents().replace(entry, parts);
    if (!done) {
      if (released) {
        rest.ifPresent(this::giveUp);
      }
      return false;
    }
    inventory.replace(IndexEntries.of(mail), rest.map(IndexEntries::of));
    Events.tell(
        released
            ? new QuarantineEvent.Freed(mail.id(), link.by())
            : new QuarantineEvent.Dropped(mail.id(), link.by()));
    return true;
  }

  private static List<Recipient> his(Mail mail, DigestLink link) {
    return link.all()
        ? mail.recipients()
        : mail.recipients().stream()
            .filter(recipient -> isSame(recipient.address().toString(), link))
            .toList();
  }

  private static boolean isSame(String recipient, DigestLink link) {
    return IndexEntries.address(recipient)
        .map(address -> address.key())
        .equals(IndexEntries.address(link.recipient()).map(address -> address.key()));
  }

  /// Each queue message has a reference of its own to a stored body.
  private Mail copy(Mail mail) throws IOException {
    return mail.content() instanceof Content.Stored stored
        ? mail.with(store.link(stored, refs.get()))
        : mail;
  }

  private void giveUp(Mail copy) {
    if (copy.content() instanceof Content.Stored stored) {
      try {
        store.release(stored.ref());
      } catch (IOException e) {
        LOG.warn("stored content {} stays until the next start: {}", stored.ref(), e.toString());
      }
    }
  }
}
