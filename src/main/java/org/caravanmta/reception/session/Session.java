package org.caravanmta.reception.session;

import org.caravanmta.address.Ascii;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.reception.wire.Lines;
import org.caravanmta.reception.wire.Opening;
import org.caravanmta.smtp.CommandParser;
import org.caravanmta.smtp.Verb;
import org.caravanmta.tls.server.Secured;

/// The server's side of one dialogue (RFC 5321 §3), without a socket: lines, data and verdicts come
/// in, replies and questions go out. For one thread at a time.
///
/// The carrier of the bytes asks {@link #wants} before each line or piece of data, and holds back
/// while the answer is nothing: a question is outstanding, or a file is behind.
public final class Session {
  /// What may come in next.
  public enum Wants {
    COMMAND,
    CONTENT,
    NOTHING
  }

  private final SessionTerms settings;
  private final SessionState state;
  private final Replies replies;
  private final ReplyWriter writer;
  private final Questioning questions;
  private final Quota quota;
  private final LineEnds ends;
  private final Protection protection;
  private final GreetingPhase greeting;
  private final SecurityPhase security;
  private final ContentPhase content;
  private final CommandPhase commands;

  public Session(
      Reception reception, Service service, Security security, Client client, Carrier carrier) {
    Dialogue dialogue = Dialogue.with(client, reception, carrier);
    this.settings = reception.settings();
    this.state = dialogue.state();
    this.replies = dialogue.replies();
    this.writer = dialogue.writer();
    this.questions = dialogue.questions();
    this.quota = new Quota(reception, replies);
    this.ends =
        new LineEnds(
            settings.rules().tolerance().newlines(client),
            () -> Events.tell(new SessionEvent.BareLfReceived(state.client())));
    var intermediary = new Intermediary(reception.intermediaries(), settings);
    this.protection = new Protection(security, service);
    this.greeting = new GreetingPhase(dialogue, quota, protection, intermediary);
    this.security = new SecurityPhase(dialogue, protection);
    this.content = new ContentPhase(dialogue, service, ends);
    this.commands =
        new CommandPhase(
            dialogue, quota, protection, intermediary, greeting, this.security, content);
    state.has(intermediary);
    state.has(content);
    state.has(this.security);
  }

  /// What it puts up with now.
  public Patience patience() {
    return writer.patience();
  }

  /// Begins the dialogue.
  ///
  /// @param room whether there may be one session more
  public void greet(Opening opening, boolean room) {
    Events.tell(new SessionEvent.Connected(state.client()));
    if (!room) {
      writer.turnAway(Replies.BUSY);
      return;
    }
    switch (opening) {
      case SILENT, ELSEWHERE -> greeting.connected();
      case EARLY -> {
        if (settings.rules().tolerance().mayTalkAhead(state.client())) {
          greeting.connected();
        } else {
          writer.breakOff("improper command pipelining", Replies.SYNCHRONIZATION);
        }
      }
      case BAD_HEADER -> writer.breakOff("bad PROXY header", replies.broken());
    }
  }

  /// How its lines may end.
  public LineEnds lineEnds() {
    return ends;
  }

  public Wants wants() {
    if (writer.pending() || questions.pending() || security.pending()) {
      return Wants.NOTHING;
    }
    if (content.on()) {
      return content.ready() ? Wants.CONTENT : Wants.NOTHING;
    }
    return Wants.COMMAND;
  }

  /// @param more whether the client has sent more after this line
  public void line(Lines.Line line, boolean more) {
    if (security.take(line)) {
      return;
    }
    switch (line) {
      case Lines.Text(String text) ->
          commands.command(CommandParser.parse(text, settings.rules().grammar()), more);
      case Lines.NotUtf8() -> writer.done(Verb.UNKNOWN, Replies.NOT_UTF8);
      // RFC 4954 §6 has a reply of its own
      case Lines.TooLong(String start) when Ascii.same(start, "AUTH ") ->
          writer.done(Verb.AUTH, SecurityReplies.TOO_LONG);
      case Lines.TooLong(_) -> writer.done(Verb.UNKNOWN, replies.lineTooLong());
      case Lines.Bare(String what) -> writer.close(replies.bare(what));
    }
  }

  /// Takes data.
  ///
  /// @return the index after the last byte taken: less than `to` only where the data, or a chunk of
  ///   it, ends
  public int content(byte[] bytes, int from, int to) {
    return content.take(bytes, from, to);
  }

  /// Takes what the TLS handshake has agreed on.
  public void secured(Secured agreed) {
    security.secured(agreed);
  }

  /// The longest line that may come in next.
  public int lineLimit() {
    return protection.lineLimit(settings.smtp().lineLimit().asInt());
  }

  /// Takes what the route says to the question: the question with its verdict, or a throwable. What
  /// became of a message is heard though nobody is there to be told.
  public void answer(Object body) {
    if (!writer.closed() || body instanceof Case.Message) {
      questions.answer(body);
    }
  }

  /// The client, or the answer to a question, has taken too long.
  public void expire() {
    if (!writer.closed()) {
      writer.breakOff("timeout", replies.timeout());
    }
  }

  /// Ends the session as soon as no transaction is under way.
  public void leave() {
    writer.leave();
  }

  /// Ends the session now, or, if it has sent a whole message, when that has its reply: without it
  /// the client would send the message again.
  public void stop() {
    writer.stop(content.replyDue());
  }

  /// Whether a message is whole, and only its reply is missing.
  public boolean replyDue() {
    return content.replyDue();
  }

  /// Ends the session, whatever is under way, because the memory it takes is needed; not if it is
  /// only owed a reply.
  public void displace() {
    if (!writer.closed() && !replyDue()) {
      writer.breakOff("memory exhausted", replies.noMemory());
    }
  }

  /// Something of ours broke.
  public void broken(Throwable why) {
    Events.tell(
        new SessionEvent.Broken(
            state.transaction().flatMap(MailTransaction::id), state.client(), why));
    if (!writer.closed()) {
      writer.close(replies.broken());
    }
  }

  /// The connection is closed.
  public void gone() {
    quota.release();
    if (!writer.closed()) {
      writer.lost();
    }
    Events.tell(new SessionEvent.Disconnected(state.client(), writer.tally().toString()));
  }
}
