package org.caravanmta.delivery.endpoint;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// The outcome of handing a message to something that knows nothing of mail, as `pipe(8)` of
/// Postfix hands it to a program: delivered for all recipients, or tried again, or refused for good
/// (RFC 5321 §4.2.1 has the two kinds of failure).
public final class EndpointDelivery {
  private static final int LONGEST = 400;

  private final InstantSource clock;

  public EndpointDelivery(InstantSource clock) {
    this.clock = clock;
  }

  /// @param relay who has it now, as the log names it
  /// @param begun when it was given there
  /// @param text what the log says of it
  public TaskOutcome delivered(Mail mail, String relay, Instant begun, String text) {
    return all(mail, new Attempt.Delivered(line(text), relay), relay, begun);
  }

  /// A lane tries again.
  public TaskOutcome deferred(Mail mail, String relay, Instant begun, String why) {
    return all(mail, new Attempt.Deferred(Reason.of("4.3.0", line(why))), relay, begun);
  }

  /// The sender is told.
  public TaskOutcome refused(Mail mail, String relay, Instant begun, String why) {
    return all(mail, new Attempt.Failed(Reason.of("5.3.0", line(why))), relay, begun);
  }

  /// The same for all recipients.
  TaskOutcome all(Mail mail, Attempt attempt, String relay, Instant begun) {
    return new TaskOutcome(
        mail,
        mail.recipients().stream().map(recipient -> result(recipient, attempt, relay)).toList(),
        Delays.of(mail.envelope(), begun, begun, clock.instant()),
        true);
  }

  private static RecipientResult result(Recipient recipient, Attempt attempt, String relay) {
    return new RecipientResult(recipient, attempt, relay, 0, Optional.of(Notice.Action.DELIVERED));
  }

  /// Text that others have written, made fit to be part of one line.
  static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ").replaceAll("\\p{C}", "?");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
