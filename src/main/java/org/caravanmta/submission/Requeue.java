package org.caravanmta.submission;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.SubmissionEvent;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// Makes a new message of one that the operator has queued again (postfix `postsuper -r`): with a
/// new id, and a lifetime that begins now. Rewriting and checks are asked once more; who the client
/// was, and what is done already of what aliases stand for, stays as it was. Milters and other
/// filters of the dialogue have had their say.
public final class Requeue {
  private final QueueIds ids;
  private final Links links;
  private final InstantSource clock;

  Requeue(QueueIds ids, Links links, InstantSource clock) {
    this.ids = ids;
    this.links = links;
    this.clock = clock;
  }

  /// The question whether the new message may be taken.
  public Case.Message again(Mail old) {
    Envelope before = old.envelope();
    Envelope envelope =
        Envelope.of(
                ids.next(),
                before.reversePath(),
                old.recipients().stream().map(Requeue::untried).toList(),
                before.client(),
                before.parameters(),
                clock.instant())
            .with(before.purpose());
    Mail mail = old.with(envelope);
    Events.tell(new SubmissionEvent.Requeued(mail, old.id()));
    return new Case.Message(mail);
  }

  private static Recipient untried(Recipient recipient) {
    return recipient.untried().having(recipient.done());
  }

  /// What follows from the verdict. What cannot be decided now is set aside as the message it was,
  /// for the operator.
  ///
  /// @param old as it was taken from the queue
  @HandsOver({Queues.ROUTING, Queues.HOLD, Queues.QUARANTINE, Queues.REPORT})
  public Handover settle(Case asked, Mail old) throws IOException {
    if (!(asked instanceof Case.Message message)) {
      throw new IllegalArgumentException("not a message: " + asked.stage());
    }
    Mail mail = message.mail();
    return switch (message.outcome()) {
      case Verdict.Undecided(), Verdict.Permit() -> queued(mail, Queues.ROUTING);
      case Verdict.Hold(String why, String queue) -> {
        Events.tell(new SubmissionEvent.Held(mail, why));
        yield queued(mail, queue);
      }
      case Verdict.Taken(Reply reply) -> {
        Events.tell(new SubmissionEvent.Taken(mail, reply));
        yield Handover.of(List.of());
      }
      case Verdict.Discard(String why) -> {
        Events.tell(new SubmissionEvent.Discarded(mail, why));
        yield Handover.of(List.of());
      }
      case Verdict.Defer(Reply reply) -> {
        Events.tell(new SubmissionEvent.Held(old, "requeue: " + reply));
        yield Handover.of(List.of(new Task(Queues.HOLD, old)));
      }
      case Verdict.Reject(Reply reply) -> rejected(mail, reply);
    };
  }

  private Handover queued(Mail mail, String queue) throws IOException {
    var tasks = new ArrayList<Task>();
    for (Mail part : links.split(mail.parts(mail.recipients()))) {
      tasks.add(new Task(queue, part));
    }
    return Handover.of(tasks);
  }

  private static Handover rejected(Mail mail, Reply reply) {
    var told = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      Recipient failed = recipient.because(RecipientQuestion.reason(reply));
      Events.tell(new SubmissionEvent.Bounced(mail, recipient, failed.last().orElseThrow()));
      if (recipient.wants(Notify.Event.FAILURE, true)) {
        told.add(failed);
      }
    }
    if (mail.reversePath() instanceof ReversePath.Null) {
      Events.tell(new SubmissionEvent.Dropped(mail));
    }
    return Handover.of(
        told.isEmpty() || mail.reversePath() instanceof ReversePath.Null
            ? List.of()
            : List.of(new Task(Queues.REPORT, new Notice(Notice.Action.FAILED, mail.with(told)))));
  }
}
