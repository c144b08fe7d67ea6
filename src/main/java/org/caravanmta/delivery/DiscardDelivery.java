package org.caravanmta.delivery;

import java.time.Instant;
import java.time.InstantSource;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.smtp.Attempt;

/// The transport `discard` (postfix `discard(8)`): it drops a message that the operator's transport
/// table has for it (`discard:text`), and reports every recipient as delivered.
public final class DiscardDelivery {
  private final InstantSource clock;

  public DiscardDelivery(InstantSource clock) {
    this.clock = clock;
  }

  @HandsOver(Queues.REPORT)
  public TaskOutcome deliver(Mail mail) {
    String text = mail.envelope().destination().map(Destination::nextHop).orElse("").strip();
    Instant now = clock.instant();
    return TaskOutcome.all(
        mail,
        new Attempt.Delivered(text.isEmpty() ? "discarded" : text, RecipientResult.NOBODY),
        Delays.of(mail.envelope(), now, now, now));
  }
}
