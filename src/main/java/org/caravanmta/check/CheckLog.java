package org.caravanmta.check;

import org.caravanmta.message.Client;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of header checks, in Postfix's form: `ID: reject: header Subject: sale from
/// name[address]; from=<a@b> to=<c@d> proto=ESMTP helo=<name>: text`.
final class CheckLog {
  /// How much of a field is shown.
  private static final int SHOWN = 200;

  private static final Logger LOG = LoggerFactory.getLogger(HeaderChecks.class);

  private final Mail mail;

  CheckLog(Mail mail) {
    this.mail = mail;
  }

  void action(Headers.Field field, Action action) {
    switch (action) {
      case Action.Reject(var reply) -> info("reject", field, reply.toString());
      case Action.Discard(String why) -> info("discard", field, why);
      case Action.Hold(String why) -> info("hold", field, why);
      case Action.Strip(boolean logged, String why) -> {
        if (logged) {
          info("strip", field, why);
        }
      }
      case Action.Replace(Headers.Field other) -> info("replace", field, other.text());
      case Action.Prepend(Headers.Field other) -> info("prepend", field, other.text());
      case Action.Redirect(var address) -> info("redirect", field, address.toString());
      case Action.Copy(var address) -> info("bcc", field, address.toString());
      case Action.Log(boolean warning, String text) -> {
        if (warning) {
          LOG.warn("{}", line("warning", field, text));
        } else {
          info("info", field, text);
        }
      }
      case Action.Pass(String why) -> info("pass", field, why);
      case Action.Nothing() -> {}
    }
  }

  void unclear(Headers.Field field, String why) {
    LOG.warn("{}", line("warning", field, why));
  }

  private void info(String action, Headers.Field field, String text) {
    LOG.info("{}", line(action, field, text));
  }

  private String line(String action, Headers.Field field, String text) {
    Client client = mail.envelope().client();
    String content = field.text();
    String line =
        "%s: %s: header %s from %s; from=<%s> to=<%s> proto=%s helo=<%s>"
            .formatted(
                mail.id(),
                action,
                content.substring(0, Math.min(content.length(), SHOWN)),
                client,
                mail.reversePath(),
                mail.recipients().isEmpty() ? "" : mail.recipients().getLast().address(),
                client.protocol(),
                client.helo());
    return printable(text.isEmpty() ? line : line + ": " + text);
  }

  /// On one line, and without signs that could do something to a terminal.
  private static String printable(String text) {
    return text.replaceAll("\\r?\\n", " ").replaceAll("\\p{Cntrl}", "?");
  }
}
