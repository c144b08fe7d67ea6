package org.caravanmta.delivery;

import java.time.Instant;
import java.time.InstantSource;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;

/// Fails (`error:5.7.1 text`) or defers (`retry:4.3.2 text`) every recipient, as the operator's
/// transport table says. Without a status (RFC 3463) it is 5.0.0 or 4.0.0; one of another class is
/// brought into the right one.
public final class ErrorDelivery {
  private static final String RETRY = "retry:";

  private final InstantSource clock;

  public ErrorDelivery(InstantSource clock) {
    this.clock = clock;
  }

  @HandsOver({"deferred.*", "report"})
  public TaskOutcome deliver(Mail mail) {
    String hop = mail.envelope().hop().map(Hop::nextHop).orElse(RETRY);
    boolean retry = hop.startsWith(RETRY);
    Reason reason = reason(hop.substring(hop.indexOf(':') + 1).strip(), retry ? 4 : 5);
    Instant now = clock.instant();
    return TaskOutcome.all(
        mail,
        retry ? new Attempt.Deferred(reason) : new Attempt.Failed(reason),
        Delays.of(mail.envelope(), now, now, now));
  }

  private static Reason reason(String text, int digit) {
    String[] words = text.split("\\s+", 2);
    var given = Status.parse(words[0]);
    String rest = given.isEmpty() ? text : words.length > 1 ? words[1] : "";
    Status status =
        given.map(s -> new Status(digit, s.subject(), s.detail())).orElse(new Status(digit, 0, 0));
    return Reason.of(status.toString(), rest.isEmpty() ? "Address is undeliverable" : rest);
  }
}
