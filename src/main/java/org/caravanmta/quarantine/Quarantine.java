package org.caravanmta.quarantine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.state.QuarantineIndex;
import org.caravanmta.state.StateUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what content filters set aside: it is noted in the index, and lies on a queue until it is
/// released. When the index cannot be asked, the message lies there all the same, and is noted
/// later: nothing that goes wrong lets it go on.
public final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

  private final QuarantineIndex index;
  private final AtomicBoolean behind = new AtomicBoolean();

  Quarantine(QuarantineIndex index) {
    this.index = index;
  }

  /// Notes a message, and keeps it.
  @HandsOver(Queues.QUARANTINED)
  public Handover keep(Mail mail) {
    note(mail)
        .ifPresent(
            why ->
                LOG.warn(
                    "{}: is in the quarantine, and noted in its index later: {}", mail.id(), why));
    return Handover.of(List.of(new Task(Queues.QUARANTINED, mail)));
  }

  /// @return why it could not be noted
  private Optional<String> note(Mail mail) {
    try {
      index.remember(IndexEntries.of(mail));
      return Optional.empty();
    } catch (StateUnavailable e) {
      behind.set(true);
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      behind.set(true);
      LOG.error("{}: cannot be noted in the index of the quarantine", mail.id(), e);
      return Optional.of(e.toString());
    }
  }

  /// Whether the index has missed something since this was asked last.
  boolean wasBehind() {
    return behind.getAndSet(false);
  }
}
