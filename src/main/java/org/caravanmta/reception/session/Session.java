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
import org.caravanmta.tls.server.TlsSession;

/// The server's side of one dialogue with a client (RFC 5321 §3), without a socket: lines, content
/// and the route's answers come in, replies and questions go out through a {@link Carrier}. For one
/// thread at a time.
///
/// Before each line or piece of content the caller asks {@link #wants}. While the answer is
/// NOTHING, because a question has not been answered or a file not been written, it gives the
/// session none.
public final class Session {
  /// What the session takes next.
  public enum Wants {
    /// A line, by {@link Session#line}: a command, or a response to AUTH.
    COMMAND,
    /// A piece of a message, by {@link Session#content}.
    CONTENT,
    /// Nothing for now.
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
    state.add(intermediary);
    state.add(content);
    state.add(this.security);
  }

  /// What the session puts up with from its client now.
  public Patience patience() {
    return writer.patience();
  }

  /// Begins the dialogue.
  ///
  /// @param room whether the server has room for this session; if not, the greeting is 421
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

  /// How the client's lines may end.
  public LineEnds lineEnds() {
    return ends;
  }

  /// What the session takes next.
  public Wants wants() {
    if (writer.pending() || questions.pending() || security.pending()) {
      return Wants.NOTHING;
    }
    if (content.underWay()) {
      return content.ready() ? Wants.CONTENT : Wants.NOTHING;
    }
    return Wants.COMMAND;
  }

  /// Takes a line.
  ///
  /// @param more whether the client has sent more after this line
  public void line(Lines.Line line, boolean more) {
    if (security.take(line)) {
      return;
    }
    switch (line) {
      case Lines.Text(String text) -> {
        writer.transcript().heard(text);
        commands.command(CommandParser.parse(text, settings.rules().grammar()), more);
      }
      case Lines.NotUtf8() -> writer.done(Verb.UNKNOWN, Replies.NOT_UTF8);
      // RFC 4954 §6 has a reply of its own
      case Lines.TooLong(String start) when Ascii.same(start, "AUTH ") ->
          writer.done(Verb.AUTH, SecurityReplies.TOO_LONG);
      case Lines.TooLong(_) -> writer.done(Verb.UNKNOWN, replies.lineTooLong());
      case Lines.Bare(String what) -> writer.close(replies.bare(what));
    }
  }

  /// Takes content: `bytes[from, to)`.
  ///
  /// @return the index after the last byte taken: less than `to` only where the data, or a chunk of
  ///   it, ends
  public int content(byte[] bytes, int from, int to) {
    return content.take(bytes, from, to);
  }

  /// Ends the TLS handshake that {@link Carrier#secure} has begun, or that has begun the
  /// connection.
  public void secured(TlsSession agreed) {
    security.secured(agreed);
  }

  /// The most bytes of the next line, its end included.
  public int lineLimit() {
    return protection.lineLimit(settings.smtp().lineLimit().asInt());
  }

  /// Takes the route's answer to a question: the question with its verdict, or a throwable. After
  /// the end of the session only the answer about a message matters, whose content may have to be
  /// removed.
  public void answer(Object body) {
    if (!writer.closed() || body instanceof Case.Message) {
      questions.answer(body);
    }
  }

  /// Ends the session because the client, or the route's answer, has taken too long (RFC 5321
  /// §4.5.3.2).
  public void expire() {
    if (!writer.closed()) {
      writer.breakOff("timeout", replies.timeout());
    }
  }

  /// Ends the session with 421 as soon as no transaction is under way.
  public void leave() {
    writer.leave();
  }

  /// Ends the session with 421 now, or, if a whole message has come, after its reply: without it
  /// the client would send the message again.
  public void stop() {
    writer.stop(content.replyDue());
  }

  /// Whether a whole message has come and has not been replied to.
  public boolean replyDue() {
    return content.replyDue();
  }

  /// Ends the session with 421, whatever is under way, because others need its memory; does nothing
  /// when a message is due its reply.
  public void displace() {
    if (!writer.closed() && !replyDue()) {
      writer.breakOff("memory exhausted", replies.noMemory());
    }
  }

  /// Ends the session with 421 because of a fault of ours.
  public void broken(Throwable why) {
    Events.tell(
        new SessionEvent.Broken(
            state.transaction().flatMap(MailTransaction::id), state.client(), why));
    if (!writer.closed()) {
      writer.close(replies.broken());
    }
  }

  /// Takes note that the connection is closed.
  public void gone() {
    quota.release();
    if (!writer.closed()) {
      writer.lost();
    }
    Events.tell(new SessionEvent.Disconnected(state.client(), writer.tally().toString()));
    writer.transcript().end(state.client());
  }
}
