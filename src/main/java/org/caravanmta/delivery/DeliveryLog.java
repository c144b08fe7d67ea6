package org.caravanmta.delivery;

import java.util.Optional;
import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.monitor.Counters;
import org.caravanmta.smtp.Attempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log's one line for each recipient of each attempt, with Postfix's keys in Postfix's order
/// (postfix `qmgr(8)`), so that the tools that read its log read ours:
///
/// ```
/// 4XyZ12abcdz3k: to=<a@ex.example>, relay=mx.ex.example[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok)
/// ```
public final class DeliveryLog {
  private static final Logger log = LoggerFactory.getLogger("org.caravanmta.delivery");

  private DeliveryLog() {}

  /// @param expired whether a deferred recipient will not be tried again
  /// @param transport by which it was tried
  public static void write(
      Mail mail, String transport, RecipientResult result, Delays times, boolean expired) {
    Counters.attempt(transport, status(result, expired));
    if (!log.isInfoEnabled()) {
      return;
    }
    if (Form.isPostfix()) {
      log.info(Program.agent(transport), line(mail.id(), result, times, false));
      if (expired && result.attempt() instanceof Attempt.Deferred) {
        log.info(
            Program.QMGR,
            "{}: from=<{}>, status=expired, returned to sender",
            mail.id(),
            mail.reversePath());
      }
    } else {
      log.info(line(mail.id(), result, times, expired));
    }
  }

  private static String status(RecipientResult result, boolean expired) {
    return switch (result.attempt()) {
      case Attempt.Delivered _ -> "sent";
      case Attempt.Deferred _ -> expired ? "expired" : "deferred";
      case Attempt.Failed _ -> "bounced";
    };
  }

  static String line(String id, RecipientResult result, Delays times, boolean expired) {
    Recipient recipient = result.recipient();
    var line = new StringBuilder(256);
    line.append(id).append(": to=<").append(recipient.address()).append('>');
    if (!recipient.original().equals(recipient.address())) {
      line.append(", orig_to=<").append(recipient.original()).append('>');
    }
    line.append(", relay=").append(result.relay());
    if (result.uses() > 1) {
      line.append(", conn_use=").append(result.uses());
    }
    line.append(", delay=").append(Delays.seconds(times.total())).append(", delays=").append(times);
    return switch (result.attempt()) {
      case Attempt.Delivered(String text, _) -> end(line, delivered(text), "sent", text);
      case Attempt.Deferred(var reason) ->
          end(line, reason.status(), expired ? "expired" : "deferred", reason.text());
      case Attempt.Failed(var reason) -> end(line, reason.status(), "bounced", reason.text());
    };
  }

  private static String end(StringBuilder line, Status status, String word, String text) {
    return line.append(", dsn=")
        .append(status)
        .append(", status=")
        .append(word)
        .append(" (")
        .append(text)
        .append(')')
        .toString();
  }

  /// The status in the server's reply, `250 2.1.5 Ok`; else 2.0.0.
  public static Status delivered(String text) {
    String[] words = text.split(" ", 3);
    return (words.length > 1 ? Status.parse(words[1]) : Optional.<Status>empty())
        .orElse(new Status(2, 0, 0));
  }
}
