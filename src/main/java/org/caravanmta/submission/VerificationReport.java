package org.caravanmta.submission;

import java.util.ArrayList;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.SubmissionEvent;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// Tells the sender who could be delivered to, in the form of a report (RFC 3464), and delivers
/// nothing (postfix `sendmail -bv`). Recipients are those that rewriting has made; of their servers
/// nobody is asked.
///
/// @param recipients who exists
record VerificationReport(RecipientQuestion recipients, Prospect prospect) {
  /// @param verdict on the message: one that is rejected has only undeliverable recipients
  Settled settle(Mail mail, Verdict verdict) {
    var told = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      Verdict on = verdict;
      if (!(verdict instanceof Verdict.Reject || verdict instanceof Verdict.Defer)) {
        on = recipients.ask(mail, recipient);
      }
      switch (on) {
        case Verdict.Defer(Reply reply) -> {
          return Settled.later(mail, reply);
        }
        case Verdict.Reject(Reply reply) ->
            told.add(said(mail, recipient.because(RecipientQuestion.reason(reply))));
        case Verdict.Undecided(),
            Verdict.Permit(),
            Verdict.Hold _,
            Verdict.Discard(_),
            Verdict.Taken(_) ->
            told.add(
                said(
                    mail, recipient.because(prospect.of(recipient.address(), mail.reversePath()))));
      }
    }
    if (mail.reversePath() instanceof ReversePath.Null) {
      Events.tell(new SubmissionEvent.Unreported(mail));
      return Settled.nothing();
    }
    var tasks = new ArrayList<Task>();
    // the report shows the header section only
    var shown = new Mail(mail.envelope(), mail.headers(), new Content.Inline(new byte[0]));
    for (Mail part : shown.parts(told)) {
      tasks.add(new Task(Queues.REPORT, new Notice(Notice.Action.VERIFIED, part)));
    }
    return new Settled(tasks, false, true, "");
  }

  private static Recipient said(Mail mail, Recipient recipient) {
    Reason reason = recipient.last().orElseThrow();
    Events.tell(new SubmissionEvent.Verified(mail, recipient, reason));
    return recipient;
  }
}
