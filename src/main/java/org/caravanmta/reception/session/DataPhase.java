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

/// What happens between the 354, or the first BDAT, and the reply that says who is now responsible
/// for the message (RFC 5321 §4.1.1.4, §6.1): its bytes are taken in, the message is put to the
/// route, and the answer becomes the reply. Content of a message that is not ours in the end is
/// removed.
final class DataPhase {
  private final Dialogue dialogue;
  private final Service service;
  private final Client client;
  private final MailTransaction transaction;
  private final ContentIntake intake;
  private final Function<String, Reply> queued;
  private final Consumer<Reply> end;
  private boolean over;
  // what has been received and not yet put to the route
  private @Nullable Content unasked;

  /// @param decoder takes the content out of what is on the wire
  /// @param queued the reply to an accepted message with this id
  /// @param end gives the reply
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

  /// Takes data.
  ///
  /// @return the index after the last byte taken: less than `to` only where the data, or a chunk of
  ///   it, ends
  int take(byte[] bytes, int from, int to) {
    return intake.take(bytes, from, to);
  }

  /// Whether the data has ended.
  boolean ended() {
    return intake.ended();
  }

  /// Whether no more data can be taken for now.
  boolean lagging() {
    return intake.lagging();
  }

  /// Goes on from the end of the data.
  void complete() {
    intake.finish(this::received);
  }

  /// The session is over; no reply can be given any more. A message already put to the route may or
  /// may not be on a queue: its content stays until the route says so, or is left to the sweep.
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

  /// Takes what the route says of the message.
  private void decided(Mail sent, Object body) {
    if (over) {
      late(sent, body);
      return;
    }
    if (!(body instanceof Case.Message answered)) {
      // it may be on a queue for all we know, so its content stays
      end.accept(dialogue.answers().fault(Optional.of(transaction), body));
      return;
    }
    if (!isNamed(sent)) {
      // now it has a name, or goes on without
      Events.tell(new SessionEvent.Completed(answered.mail()));
    }
    if (!answered.kept()) {
      releaseReplaced(answered.mail().content(), sent.content());
    }
    switch (answered.outcome()) {
      case Verdict.Defer(Reply reply) -> refuse(sent.content(), reply);
      case Verdict.Reject(Reply reply) -> refuse(sent.content(), reply);
      case Verdict.Discard(String why) -> {
        Events.tell(new SessionEvent.Discarded(sent, why, isOrdered()));
        refuse(sent.content(), queued.apply(sent.id()));
      }
      case Verdict.Undecided(), Verdict.Permit() -> accept(sent, answered);
      case Verdict.Hold(String why) -> {
        Events.tell(new SessionEvent.Held(sent, why, isOrdered()));
        accept(sent, answered);
      }
    }
  }

  /// The route says what became of the message when nobody waits for its reply any more.
  private void late(Mail sent, Object body) {
    if (body instanceof Case.Message answered) {
      releaseReplaced(sent.content(), answered.mail().content());
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
    var question = new Case.Message(mail, transaction.standing(), false, transaction.passage());
    int inside = mail.content() instanceof Content.Inline(byte[] bytes) ? bytes.length : 0;
    // to a stage and back
    int copies = 2 * (mail.headers().length() + inside + transaction.room());
    if (!dialogue.questions().ask(question, copies, body -> decided(mail, body))) {
      refuse(mail.content(), Replies.NO_ROOM);
    }
  }

  private void accept(Mail sent, Case.Message answered) {
    if (answered.kept()) {
      Events.tell(new SessionEvent.Queued(answered.mail()));
      releaseReplaced(sent.content(), answered.mail().content());
      end.accept(queued.apply(sent.id()));
    } else {
      refuse(sent.content(), Replies.NOT_QUEUED);
    }
  }

  /// Restrictions have decided before the content came.
  private boolean isOrdered() {
    return !(transaction.standing() instanceof Verdict.Undecided);
  }

  private static boolean isNamed(Mail mail) {
    return mail.headers().first("Message-ID").isPresent();
  }

  /// A check may have put other content in place of what was received.
  private void releaseReplaced(Content received, Content queued) {
    if (!received.equals(queued)) {
      release(received);
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

  /// Removes content that no queue has, away from the session's thread.
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
