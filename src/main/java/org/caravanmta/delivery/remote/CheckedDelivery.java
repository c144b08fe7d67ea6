package org.caravanmta.delivery.remote;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.SentCopy;
import org.caravanmta.smtp.Attempt;

/// The delivery by SMTP of mail in the form in which the operator's rules for outgoing mail have
/// edited it (postfix `smtp_header_checks`). A deferred recipient waits with the message as it was
/// before.
public final class CheckedDelivery {
  private final Function<Mail, TaskOutcome> delivery;
  private final SentCopy checks;
  private final InstantSource clock;

  public CheckedDelivery(
      Function<Mail, TaskOutcome> delivery, SentCopy checks, InstantSource clock) {
    this.delivery = delivery;
    this.checks = checks;
    this.clock = clock;
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    if (checks.changesNothing()) {
      return delivery.apply(mail);
    }
    return switch (checks.of(mail)) {
      case SentCopy.Made.Ready copy -> {
        try {
          TaskOutcome sent = delivery.apply(copy.mail());
          yield new TaskOutcome(mail, sent.results(), sent.times(), sent.tried());
        } finally {
          checks.release(mail, copy);
        }
      }
      case SentCopy.Made.Unavailable(String why) -> {
        Instant now = clock.instant();
        yield TaskOutcome.all(
            mail,
            new Attempt.Deferred(Reason.of("4.3.0", why)),
            Delays.of(mail.envelope(), now, now, now));
      }
    };
  }
}
