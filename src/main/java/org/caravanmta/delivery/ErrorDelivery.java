package org.caravanmta.delivery;

import java.time.Instant;
import java.time.InstantSource;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.message.Transport;
import org.caravanmta.smtp.Attempt;

/// The transports `error` and `retry` (postfix `error(8)`): they fail (`error:5.7.1 text`) or defer
/// (`retry:4.3.2 text`) every recipient, as the operator's transport table says. Without a status
/// (RFC 3463) it is 5.0.0 or 4.0.0; a status of the wrong class is changed to the right one.
public final class ErrorDelivery {
  private static final Status FAILED = Status.of("5.0.0");
  private static final Status DEFERRED = Status.of("4.0.0");

  private final InstantSource clock;

  public ErrorDelivery(InstantSource clock) {
    this.clock = clock;
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Destination nowhere =
        mail.envelope().destination().orElse(Destination.Retry.UNSAID).by(Transport.ERROR);
    Attempt attempt =
        switch (nowhere) {
          case Destination.Fail(var why) -> new Attempt.Failed(reason(why, FAILED));
          case Destination.Retry(var why) -> new Attempt.Deferred(reason(why, DEFERRED));
          case Destination other -> throw new IllegalStateException(other.toString());
        };
    Instant now = clock.instant();
    return TaskOutcome.all(mail, attempt, Delays.of(mail.envelope(), now, now, now));
  }

  private static Reason reason(Destination.Why why, Status unsaid) {
    return Reason.of(why.status(unsaid).toString(), why.shown());
  }
}
