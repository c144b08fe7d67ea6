package org.caravanmta.submission;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.SubmissionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Submitted;
import org.caravanmta.message.Task;
import org.caravanmta.message.Verp;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.MessageReplies;
import org.caravanmta.smtp.Reply;

/// Makes mail of what has been posted, completed as a submission (RFC 6409 §8), and decides what
/// follows from the verdict on it. There is no dialogue any more in which to refuse: what is
/// rejected is reported to the sender, what is deferred stays in the maildrop.
public final class Posts {
  private static final Client RELAYED = RecipientQuestion.client(Entrance.RELAYED);
  private static final Reply TOO_BIG = Reply.of(552, "5.3.4", "Message size exceeds fixed limit");

  private final CollectionTerms settings;
  private final ContentStore store;
  private final RecipientQuestion recipients;
  private final VerificationReport verification;
  private final QueueIds ids;
  private final InstantSource clock;

  /// @param recipients the restriction that knows who exists, as reception asks it
  /// @param prospect what routing would do with those who do
  public Posts(
      CollectionTerms settings,
      ContentStore store,
      UnaryOperator<Case> recipients,
      Prospect prospect,
      QueueIds ids,
      InstantSource clock) {
    this.settings = settings;
    this.store = store;
    this.recipients = new RecipientQuestion(recipients);
    this.verification = new VerificationReport(this.recipients, prospect);
    this.ids = ids;
    this.clock = clock;
  }

  /// The message as it is put to the route.
  ///
  /// @throws Dropped.Corrupt if it is none
  Case.Message take(Dropped dropped) throws IOException, Dropped.Corrupt {
    String id = ids.next();
    Instant now = clock.instant();
    Posting posting = dropped.posting();
    Envelope envelope = envelope(id, posting, now);
    PostIntake.Message message = new PostIntake(store, settings).take(dropped.content(), id);
    // a file's time can be set to anything
    Instant posted = dropped.posted().isAfter(now) ? now : dropped.posted();
    Headers headers =
        completed(message.headers(), envelope, posting, posted)
            .prepend(ReceivedField.posted(dropped.uid(), settings.hostname(), id, now));
    var mail =
        new Mail(
            Utf8.needed(envelope, headers) ? Utf8.marked(envelope) : envelope,
            headers,
            message.content());
    Events.tell(new SubmissionEvent.Posted(mail, dropped.uid()));
    var question = new Case.Message(mail);
    if (mail.size() > settings.limits().sizeLimit().bytes()) {
      return question.decided(new Verdict.Reject(TOO_BIG));
    }
    return settings.limits().loops(headers)
        ? question.decided(new Verdict.Reject(MessageReplies.TOO_MANY_HOPS))
        : question;
  }

  private Headers completed(Headers headers, Envelope envelope, Posting posting, Instant posted) {
    return posting.purpose() == Posting.Purpose.RELAYED
        ? headers
        : Submitted.complete(
            headers,
            envelope.id(),
            settings.hostname(),
            settings.origin().domain(),
            envelope.reversePath(),
            posting.name(),
            posted);
  }

  /// How many bytes of a message are taken.
  long sizeLimit() {
    return settings.limits().sizeLimit().bytes();
  }

  /// What follows from the verdict: mail for `routing` or `hold`, a notice for `report`, or nothing
  /// yet.
  @HandsOver({Queues.ROUTING, Queues.HOLD, Queues.QUARANTINE, Queues.REPORT})
  public Handover settle(Case asked) throws IOException {
    if (!(asked instanceof Case.Message message)) {
      throw new IllegalArgumentException("not a message: " + asked.stage());
    }
    Mail mail = message.mail();
    if (mail.envelope().purpose() == Purpose.VERIFICATION) {
      return verification.settle(mail, message.outcome());
    }
    return switch (message.outcome()) {
      case Verdict.Undecided(), Verdict.Permit() -> accepted(mail, Queues.ROUTING);
      case Verdict.Hold(String why, String queue) -> {
        Events.tell(new SubmissionEvent.Held(mail, why));
        yield accepted(mail, queue);
      }
      case Verdict.Taken(Reply reply) -> {
        Events.tell(new SubmissionEvent.Taken(mail, reply));
        yield Settled.nothing();
      }
      case Verdict.Discard(String why) -> {
        Events.tell(new SubmissionEvent.Discarded(mail, why));
        yield Settled.nothing();
      }
      case Verdict.Defer(Reply reply) -> Settled.later(mail, reply);
      case Verdict.Reject(Reply reply) ->
          settled(
              mail,
              Queues.ROUTING,
              List.of(),
              mail.recipients().stream().map(one -> rejected(mail, one, reply)).toList());
    };
  }

  /// Recipients who do not exist are reported; about the others nothing more is asked, for the
  /// sender is one of our own. Those about whom nobody can tell now wait in a queue, where they are
  /// seen, as what a transport table says is to be tried later.
  private Settled accepted(Mail mail, String queue) throws IOException {
    var good = new ArrayList<Recipient>();
    var bad = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      switch (recipients.ask(mail, recipient)) {
        case Verdict.Reject(Reply reply) -> bad.add(rejected(mail, recipient, reply));
        case Verdict.Undecided(),
            Verdict.Permit(),
            Verdict.Hold _,
            Verdict.Discard(_),
            Verdict.Taken(_),
            Verdict.Defer(_) ->
            good.add(recipient);
      }
    }
    return settled(mail, queue, good, bad);
  }

  private static Recipient rejected(Mail mail, Recipient recipient, Reply reply) {
    Reason reason = RecipientQuestion.reason(reply);
    Events.tell(new SubmissionEvent.Bounced(mail, recipient, reason));
    return recipient.because(reason);
  }

  private Settled settled(Mail mail, String queue, List<Recipient> good, List<Recipient> bad)
      throws IOException {
    var parts = new ArrayList<Mail>(mail.parts(good));
    var queues = new ArrayList<String>(Collections.nCopies(parts.size(), queue));
    List<Recipient> told =
        bad.stream().filter(one -> one.wants(Notify.Event.FAILURE, true)).toList();
    if (!told.isEmpty() && mail.reversePath() instanceof ReversePath.Null) {
      Events.tell(new SubmissionEvent.Dropped(mail));
    } else if (!told.isEmpty()) {
      parts.add(withHeadersReturned(mail).with(told));
      queues.add(Queues.REPORT);
    }
    if (!good.isEmpty()) {
      Events.tell(new SubmissionEvent.Queued(mail, good.size()));
    }
    var tasks = new ArrayList<Task>();
    boolean carriesContent = false;
    Links links = store::link;
    for (Mail part : links.split(parts)) {
      carriesContent |= part.content().equals(mail.content());
      String name = queues.get(tasks.size());
      tasks.add(
          new Task(
              name, name.equals(Queues.REPORT) ? new Notice(Notice.Action.FAILED, part) : part));
    }
    return new Settled(tasks, carriesContent, true, "");
  }

  /// What we reject for its content is not sent about whole.
  private static Mail withHeadersReturned(Mail mail) {
    return mail.with(mail.envelope().with(mail.envelope().parameters().with(MailOptions.Ret.HDRS)));
  }

  private MailOptions parameters(Posting posting) {
    return posting
        .verp()
        .map(given -> given.isEmpty() ? settings.verp() : new Verp(given))
        .map(posting.parameters()::with)
        .orElse(posting.parameters());
  }

  private Envelope envelope(String id, Posting posting, Instant now) throws Dropped.Corrupt {
    try {
      ReversePath sender =
          posting.sender().isEmpty()
              ? ReversePath.NULL
              : ReversePath.of(settings.origin().complete(posting.sender()));
      var all = new ArrayList<Recipient>();
      for (String recipient : posting.recipients()) {
        var address = settings.origin().complete(recipient);
        all.add(
            new Recipient(
                address, address, posting.notifyOn(), Optional.empty(), Optional.empty()));
      }
      Client client =
          posting.purpose() == Posting.Purpose.RELAYED ? RELAYED : RecipientQuestion.CLIENT;
      return Envelope.of(
              id, sender, all.stream().distinct().toList(), client, parameters(posting), now)
          .with(
              switch (posting.purpose()) {
                case DELIVERY, RELAYED -> Purpose.DELIVERY;
                case WATCHED -> Purpose.WATCHED;
                case VERIFICATION -> Purpose.VERIFICATION;
              });
    } catch (IllegalArgumentException e) {
      throw new Dropped.Corrupt("has an invalid address: " + e.getMessage());
    }
  }
}
