package org.caravanmta.event;

import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.slf4j.Logger;

/// The log lines that each message has, wherever it comes from.
final class MessageLines {
  private MessageLines() {}

  /// What Postfix's cleanup says of each message.
  static void identified(Logger log, Mail mail) {
    if (log.isInfoEnabled()) {
      String messageId = mail.headers().first("Message-ID").map(Headers.Field::value).orElse("<>");
      log.info(Program.CLEANUP, "{}: message-id={}", mail.id(), Printable.text(messageId));
    }
  }

  /// That we have taken it over: Postfix's qmgr says it when it has the message, and before who
  /// delivers it says anything.
  static void queued(Logger log, Mail mail, int recipients) {
    if (!Form.isPostfix() && log.isInfoEnabled()) {
      log.info(
          "{}: from=<{}>, size={}, nrcpt={} (queued)",
          mail.id(),
          Printable.text(mail.reversePath().toString()),
          mail.size(),
          recipients);
    }
  }

  /// What Postfix's qmgr says of a message each time that it is to be delivered.
  static void active(Logger log, Mail mail) {
    log.info(
        Program.QMGR,
        "{}: from=<{}>, size={}, nrcpt={} (queue active)",
        mail.id(),
        mail.reversePath(),
        mail.size(),
        mail.recipients().size());
  }
}
