package org.caravanmta.event;

import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of mail that users of this machine post.
final class SubmissionLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.submission");

  private SubmissionLines() {}

  static void write(SubmissionEvent event) {
    switch (event) {
      case SubmissionEvent.Posted(Mail mail, int uid) -> {
        if (LOG.isInfoEnabled()) {
          LOG.info(
              "{}: uid={} from=<{}>",
              mail.id(),
              Integer.toUnsignedString(uid),
              Printable.text(mail.reversePath().toString()));
        }
        MessageLines.identified(LOG, mail);
      }
      case SubmissionEvent.Requeued(Mail mail, String old) ->
          LOG.info(
              "{}: from=<{}> orig_id={}",
              mail.id(),
              Printable.text(mail.reversePath().toString()),
              old);
      case SubmissionEvent.Queued(Mail mail, int recipients) ->
          MessageLines.queued(LOG, mail, recipients);
      case SubmissionEvent.Held(Mail mail, String why) ->
          LOG.info(Program.CLEANUP, "{}: hold: {}", mail.id(), Printable.text(why));
      case SubmissionEvent.Discarded(Mail mail, String why) ->
          LOG.info(Program.CLEANUP, "{}: discard: {}", mail.id(), Printable.text(why));
      case SubmissionEvent.Taken(Mail mail, Reply reply) ->
          LOG.info(
              Program.CLEANUP,
              "{}: proxy-accept: END-OF-MESSAGE: {}",
              mail.id(),
              Printable.text(reply.toString()));
      case SubmissionEvent.Bounced(Mail mail, Recipient recipient, Reason reason) ->
          LOG.info(
              Program.CLEANUP,
              DeliveryLines.withoutAttempt(
                  mail.id(), recipient, Form.isPostfix(), reason, "bounced"));
      case SubmissionEvent.Postponed(Mail mail, Reply reply) ->
          LOG.warn("{}: stays in the maildrop: {}", mail.id(), Printable.text(reply.toString()));
      case SubmissionEvent.Verified(Mail mail, Recipient recipient, Reason reason) ->
          LOG.info(
              DeliveryLines.withoutAttempt(
                  mail.id(),
                  recipient,
                  false,
                  reason,
                  reason.status().isSuccess() ? "deliverable" : "undeliverable"));
      case SubmissionEvent.Dropped(Mail mail) ->
          LOG.info("{}: dropped: no report to the null reverse path", mail.id());
      case SubmissionEvent.Unreported(Mail mail) ->
          LOG.info("{}: no report: null reverse path", mail.id());
    }
  }
}
