package org.caravanmta.event;

import org.caravanmta.address.Octets;
import org.caravanmta.log.Form;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of checks, in Postfix's form: `ID: reject: header Subject: sale from
/// name[address]; from=<a@b> to=<c@d> proto=ESMTP helo=<name>: text`.
final class CheckLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.check");

  /// How much of a unit is shown.
  private static final int SHOWN = 200;

  private CheckLines() {}

  static void write(CheckEvent event) {
    switch (event) {
      case CheckEvent.Matched(Mail mail, String unit, CheckEvent.Action action, String text) -> {
        if (Form.isPostfix() && action.isLast() && isText(unit)) {
          Told.note(mail.id());
        }
        if (action == CheckEvent.Action.WARNING) {
          warn(mail, unit, text);
        } else if (LOG.isInfoEnabled()) {
          LOG.info("{}", line(mail, action.word(), unit, text));
        }
      }
      case CheckEvent.Undecided(Mail mail, String unit, String why) -> warn(mail, unit, why);
      case CheckEvent.Disallowed(Mail mail) ->
          LOG.info("{}: reject: disallowed character; from=<{}>", mail.id(), mail.reversePath());
    }
  }

  private static void warn(Mail mail, String unit, String text) {
    if (LOG.isWarnEnabled()) {
      LOG.warn("{}", line(mail, CheckEvent.Action.WARNING.word(), unit, text));
    }
  }

  /// Of what Postfix's cleanup checks too, it says once what becomes of the message.
  private static boolean isText(String unit) {
    return unit.startsWith("header ") || unit.startsWith("body ");
  }

  private static String line(Mail mail, String word, String unit, String text) {
    Client client = mail.envelope().client();
    String shown = unit.substring(0, Math.min(unit.length(), SHOWN + unit.indexOf(' ') + 1));
    String line =
        "%s: %s: %s from %s; from=<%s> to=<%s> proto=%s helo=<%s>"
            .formatted(
                mail.id(),
                word,
                shown,
                client,
                mail.reversePath(),
                mail.recipients().isEmpty() ? "" : mail.recipients().getLast().address(),
                client.protocol(),
                client.helo());
    return Printable.text(Octets.readable(text.isEmpty() ? line : line + ": " + text));
  }
}
