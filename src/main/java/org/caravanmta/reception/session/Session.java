package org.caravanmta.reception.session;

import org.caravanmta.address.Ascii;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.reception.wire.Lines;
import org.caravanmta.reception.wire.Opening;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
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

  private final ReceptionSettings settings;
  private final Replies replies;
  private final ReplyWriter speech;
  private final CommandPhase commands;

  public Session(
      Reception reception, Service service, Security security, Client client, Carrier carrier) {
    this.settings = reception.settings();
    this.replies = new Replies(settings.hostname());
    this.commands = new CommandPhase(reception, service, security, client, carrier);
    this.speech = commands.speech();
  }

  /// What it puts up with now.
  public Patience patience() {
    return speech.patience();
  }

  /// Begins the dialogue.
  ///
  /// @param room whether there may be one session more
  public void greet(Opening opening, boolean room) {
    SessionLog.connected(commands.client());
    if (!room) {
      speech.turnAway(Replies.BUSY);
      return;
    }
    switch (opening) {
      case SILENT, ELSEWHERE -> commands.greet();
      case EARLY -> {
        if (settings.conduct().tolerance().mayTalkAhead(commands.client())) {
          commands.greet();
          return;
        }
        ended("improper command pipelining");
        speech.close(Replies.SYNCHRONIZATION);
      }
      case BAD_HEADER -> {
        ended("bad PROXY header");
        speech.close(replies.broken());
      }
    }
  }

  /// How its lines may end.
  public LineEnds lineEnds() {
    return commands.lineEnds();
  }

  public Wants wants() {
    if (speech.pending() || commands.pending()) {
      return Wants.NOTHING;
    }
    ContentPhase content = commands.content();
    if (content.on()) {
      return content.ready() ? Wants.CONTENT : Wants.NOTHING;
    }
    return Wants.COMMAND;
  }

  /// @param more whether the client has sent more after this line
  public void line(Lines.Line line, boolean more) {
    if (commands.security().take(line)) {
      return;
    }
    switch (line) {
      case Lines.Text(String text) ->
          commands.command(Command.parse(text, settings.conduct().grammar()), more);
      case Lines.NotUtf8() -> speech.done(Verb.UNKNOWN, Replies.NOT_UTF8);
      // RFC 4954 §6 has a reply of its own
      case Lines.TooLong(String start) when Ascii.same(start, "AUTH ") ->
          speech.done(Verb.AUTH, SecurityReplies.TOO_LONG);
      case Lines.TooLong(_) -> speech.done(Verb.UNKNOWN, replies.lineTooLong());
      case Lines.Bare(String what) -> speech.close(replies.bare(what));
    }
  }

  /// A reply as the client gets it.
  public Reply given(Reply reply) {
    return commands.given(reply);
  }

  /// Takes data.
  ///
  /// @return the index after the last byte taken: less than `to` only where the data, or a chunk of
  ///   it, ends
  public int content(byte[] bytes, int from, int to) {
    return commands.content().take(bytes, from, to);
  }

  /// Takes what the TLS handshake has agreed on.
  public void secured(Secured agreed) {
    commands.security().secured(commands.client(), agreed);
  }

  /// The longest line that may come in next.
  public int lineLimit() {
    return commands.security().protection().lineLimit(settings.lineLimit());
  }

  /// Takes what the route says to the question: the question with its verdict, or a throwable. What
  /// became of a message is heard though nobody is there to be told.
  public void answer(Object body) {
    if (!speech.closed() || body instanceof Case.Message) {
      commands.answer(body);
    }
  }

  /// The client, or the answer to a question, has taken too long.
  public void expire() {
    if (!speech.closed()) {
      ended("timeout");
      speech.close(replies.timeout());
    }
  }

  /// Ends the session as soon as no transaction is under way.
  public void leave() {
    speech.leave();
  }

  /// Ends the session now, or, if it has sent a whole message, when that has its reply: without it
  /// the client would send the message again.
  public void stop() {
    speech.stop(commands.content().replyDue());
  }

  /// Whether a message is whole, and only its reply is missing.
  public boolean replyDue() {
    return commands.content().replyDue();
  }

  /// Ends the session, whatever is under way, because the memory it takes is needed; not if it is
  /// only owed a reply.
  public void displace() {
    if (!speech.closed() && !replyDue()) {
      ended("memory exhausted");
      speech.close(replies.noMemory());
    }
  }

  /// Something of ours broke.
  public void broken(Throwable why) {
    commands.broke(why);
    if (!speech.closed()) {
      speech.close(replies.broken());
    }
  }

  /// The connection is closed.
  public void gone() {
    commands.release();
    if (!speech.closed()) {
      ended("lost connection");
      speech.hushed();
    }
    SessionLog.disconnected(commands.client(), speech.tally());
  }

  private void ended(String what) {
    commands.ended(what);
  }
}
