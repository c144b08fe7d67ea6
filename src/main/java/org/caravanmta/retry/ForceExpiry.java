package org.caravanmta.retry;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;

/// Ends the wait of messages that the operator has returned before their time (postfix `postsuper
/// -f`): the sender is told of each recipient, with the reason of its last deferral. Nobody is told
/// of a message with the null reverse path (RFC 5321 §4.5.5), unless the postmaster is.
public final class ForceExpiry {
  /// The reason where there has been no attempt, as Postfix has it.
  private static final Reason UNTRIED = Reason.of("4.7.0", "message is administratively expired");

  private final boolean doubles;

  /// @param doubles whether the postmaster gets a notice of failed mail that has the null reverse
  ///   path (postfix `notify_classes`, `2bounce`)
  ForceExpiry(boolean doubles) {
    this.doubles = doubles;
  }

  /// A notice about those recipients of whom the sender is told.
  @HandsOver(Queues.REPORT)
  public Handover expire(Mail mail) {
    Events.tell(new DeliveryEvent.ForceExpired(mail));
    boolean nobody = mail.reversePath() instanceof ReversePath.Null && !doubles;
    var told = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      if (!nobody && recipient.wants(Notify.Event.FAILURE, true)) {
        told.add(SuspendedReason.shown(recipient.because(recipient.last().orElse(UNTRIED))));
      } else {
        Events.tell(new DeliveryEvent.Unreported(mail, recipient, nobody));
      }
    }
    Events.tell(new DeliveryEvent.Settled(mail, 0));
    return Handover.of(
        told.isEmpty()
            ? List.of()
            : List.of(new Task(Queues.REPORT, new Notice(Notice.Action.FAILED, mail.with(told)))));
  }
}
