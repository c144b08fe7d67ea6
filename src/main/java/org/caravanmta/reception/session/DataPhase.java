package org.caravanmta.reception.session;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.wire.ContentDecoder;
import org.caravanmta.smtp.MessageReplies;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// The part of a session between the 354, or the first BDAT, and the reply that says who is now
/// responsible for the message (RFC 5321 §4.1.1.4, §6.1): the content is received, the message is
/// put to the route, and the route's answer becomes the reply. The content of a message that is not
/// accepted is removed.
final class DataPhase {
  private final Dialogue dialogue;
  private final Service service;
  private final Client client;
  private final MailTransaction transaction;
  private final ContentIntake intake;
  private final Function<String, Reply> queued;
  private final Consumer<Reply> end;
  private boolean over;
  // content that has been received and not yet put to the route
  private @Nullable Content unasked;

  /// @param decoder reads the content
  /// @param queued makes the reply to an accepted message from its id
  /// @param end takes the reply that ends the phase
  DataPhase(
      Dialogue dialogue,
      Service service,
      ContentDecoder decoder,
      Function<String, Reply> queued,
      Consumer<Reply> end) {
    this.dialogue = dialogue;
    this.service = service;
    this.client = dialogue.state().client();
    this.transaction = dialogue.state().underWay();
    this.intake =
        new ContentIntake(
            decoder,
            dialogue.settings(),
            dialogue.replies(),
            dialogue.reception().store(),
            transaction.id().orElseThrow(),
            dialogue.carrier(),
            dialogue.carrier().holding());
    this.queued = queued;
    this.end = end;
  }

  /// Takes content: `bytes[from, to)`.
  ///
  /// @return the index after the last byte taken: less than `to` only where the data, or a chunk of
  ///   it, ends
  int take(byte[] bytes, int from, int to) {
    return intake.take(bytes, from, to);
  }

  /// Whether the content has ended.
  boolean ended() {
    return intake.ended();
  }

  /// Whether no more content should be taken for now.
  boolean lagging() {
    return intake.lagging();
  }

  /// Goes on when the content has ended.
  void complete() {
    intake.finish(this::received);
  }

  /// Gives up without a reply, because the transaction or the session has ended. A message that has
  /// been put to the route may be queued or not: its content is kept until the route answers, and
  /// if it never does, until the content that no queue refers to is removed.
  void abandon() {
    over = true;
    if (!intake.ended()) {
      intake.abandon();
    }
    if (unasked != null) {
      release(unasked);
      unasked = null;
    }
  }

  /// Takes the route's answer about the message.
  private void decided(Mail sent, Object body) {
    if (over) {
      late(sent, body);
      return;
    }
    if (!(body instanceof Case.Message answered)) {
      // the message may have been queued for all we know, so its content stays
      end.accept(dialogue.answers().fault(Optional.of(transaction), body));
      return;
    }
    if (!isNamed(sent)) {
      // a step of the route may have added the Message-ID that the log line has
      Events.tell(new SessionEvent.Completed(answered.mail()));
    }
    if (!answered.kept()) {
      releaseUnless(answered.mail().content(), sent.content());
    }
    switch (answered.outcome()) {
      case Verdict.Defer(Reply reply) -> refuse(sent.content(), reply);
      case Verdict.Reject(Reply reply) -> refuse(sent.content(), reply);
      case Verdict.Discard(String why) -> {
        Events.tell(new SessionEvent.Discarded(sent, why, isOrdered()));
        refuse(sent.content(), queued.apply(sent.id()));
      }
      case Verdict.Taken(Reply reply) -> {
        Events.tell(new SessionEvent.Taken(sent, reply));
        refuse(sent.content(), reply);
      }
      case Verdict.Undecided(), Verdict.Permit() -> accept(sent, answered);
      case Verdict.Hold(String why, _) -> {
        Events.tell(new SessionEvent.Held(sent, why, isOrdered()));
        accept(sent, answered);
      }
    }
  }

  /// Takes the route's answer about a message when no reply can be given any more.
  private void late(Mail sent, Object body) {
    if (body instanceof Case.Message answered) {
      releaseUnless(sent.content(), answered.mail().content());
      if (answered.kept()) {
        Events.tell(new SessionEvent.Queued(answered.mail()));
      } else {
        Events.tell(new SessionEvent.NotQueued(sent));
        release(answered.mail().content());
      }
    }
  }

  private void received(ContentIntake.Result result) {
    switch (result) {
      case ContentIntake.Result.Whole(Headers headers, Content content) -> {
        if (over) {
          release(content);
        } else {
          received(headers, content);
        }
      }
      case ContentIntake.Result.Refused(Reply reply) -> end(reply);
      case ContentIntake.Result.Failed(Exception why) -> {
        Events.tell(new SessionEvent.Faulted(transaction.id(), client, why));
        end(Replies.NOT_QUEUED);
      }
    }
  }

  private void received(Headers headers, Content content) {
    Mail mail =
        transaction.mail(
            service,
            dialogue.settings(),
            client,
            headers,
            content,
            dialogue.reception().clock().instant());
    if (isNamed(mail)) {
      Events.tell(new SessionEvent.Completed(mail));
    }
    if (dialogue.settings().smtp().message().loops(mail.headers())) {
      refuse(content, MessageReplies.TOO_MANY_HOPS);
    } else {
      unasked = content;
      dialogue
          .questions()
          .whenWelcome(
              _ -> {
                unasked = null;
                ask(mail);
              });
    }
  }

  private void ask(Mail mail) {
    var question =
        new Case.Message(mail, transaction.standing(), false, transaction.restrictionState());
    int inside = mail.content() instanceof Content.Inline(byte[] bytes) ? bytes.length : 0;
    // a remote stage may get one copy and give another back
    int copies = 2 * (mail.headers().length() + inside + transaction.room());
    if (!dialogue.questions().ask(question, copies, body -> decided(mail, body))) {
      refuse(mail.content(), Replies.NO_ROOM);
    }
  }

  private void accept(Mail sent, Case.Message answered) {
    if (answered.kept()) {
      Events.tell(new SessionEvent.Queued(answered.mail()));
      releaseUnless(sent.content(), answered.mail().content());
      end.accept(queued.apply(sent.id()));
    } else {
      refuse(sent.content(), Replies.NOT_QUEUED);
    }
  }

  /// Whether restrictions had decided to hold or discard the message before its content came.
  private boolean isOrdered() {
    return !(transaction.standing() instanceof Verdict.Undecided);
  }

  private static boolean isNamed(Mail mail) {
    return mail.headers().first("Message-ID").isPresent();
  }

  /// Removes content that is not the same as `kept`: a check may have replaced what was received.
  private void releaseUnless(Content content, Content kept) {
    if (!content.equals(kept)) {
      release(content);
    }
  }

  private void refuse(Content content, Reply reply) {
    release(content);
    end.accept(reply);
  }

  private void end(Reply reply) {
    if (!over) {
      end.accept(reply);
    }
  }

  /// Removes content that no queue refers to, on a thread of its own.
  private void release(Content content) {
    if (content instanceof Content.Stored(String ref, _, _)) {
      Thread.ofVirtual().name("release " + ref).start(() -> remove(ref));
    }
  }

  private void remove(String ref) {
    try {
      dialogue.reception().store().release(ref);
    } catch (IOException e) {
      Events.tell(new SessionEvent.Faulted(transaction.id(), client, e));
    }
  }
}
