package org.caravanmta.reception.session;

import org.caravanmta.reception.limits.Patience;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.limits.Tally;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// What the server says in one session, and when (RFC 5321 §4.2, §7.8): at once, late to a client
/// that has erred too often, or for the last time.
final class ReplyWriter {
  /// The client that the dialogue is with.
  interface Dialogue {
    boolean inTransaction();

    /// The session is over, and what was under way with it.
    void forget();

    /// The session ends for this reason, which the log is to say.
    void ended(String what);
  }

  private final ReceptionSettings settings;
  private final Sessions sessions;
  private final Replies replies;
  private final Carrier carrier;
  private final Dialogue dialogue;
  private final Tally tally = new Tally();
  private String last = "CONNECT";
  private boolean closed;
  private boolean leaving;
  private boolean stopping;
  // a reply is due that comes later
  private boolean paused;

  ReplyWriter(Reception reception, Carrier carrier, Dialogue dialogue) {
    this.settings = reception.settings();
    this.sessions = reception.sessions();
    this.replies = new Replies(settings.hostname());
    this.carrier = carrier;
    this.dialogue = dialogue;
  }

  /// What the session puts up with now.
  Patience patience() {
    Patience patience = settings.patience();
    return sessions.stressed() ? patience.stressed() : patience;
  }

  Tally tally() {
    return tally;
  }

  /// @param step of the dialogue, that the client has come to
  void heard(String step) {
    last = step;
  }

  /// The step the client has come to.
  String last() {
    return last;
  }

  /// Whether the last word has been said.
  boolean closed() {
    return closed;
  }

  /// Whether no new transaction may begin.
  boolean leaving() {
    return leaving;
  }

  /// Whether the client is to wait for a reply before it goes on.
  boolean pending() {
    return closed || paused;
  }

  void count(Verb verb, boolean good) {
    tally.count(verb, good, patience().idleLimit());
  }

  /// The reply to a command.
  void done(Verb verb, Reply reply) {
    count(verb, reply.positive());
    if (isLast(reply)) {
      close(reply);
    } else {
      say(reply, this::afterwards);
    }
  }

  /// Whether nothing comes after it (RFC 5321 §3.8, RFC 7504 §3).
  static boolean isLast(Reply reply) {
    return reply.code() == 421 || reply.code() == 521;
  }

  /// Gives a reply, late when the client has erred too often, and then goes on.
  void say(Reply reply, Runnable then) {
    if (tally.errors() < patience().softErrorLimit()) {
      carrier.reply(reply);
      then.run();
      return;
    }
    paused = true;
    carrier.later(
        patience().errorDelay(),
        () -> {
          paused = false;
          if (!closed) {
            carrier.reply(reply);
            then.run();
          }
        });
  }

  /// Nothing is said, and nothing heard, until {@link #resume}.
  void pause() {
    paused = true;
  }

  /// @return whether there is still somebody to talk to
  boolean resume() {
    paused = false;
    return !closed;
  }

  /// Says the last word as soon as no transaction is under way.
  void leave() {
    leaving = true;
    if (!closed && !dialogue.inTransaction()) {
      close(replies.goodbye());
    }
  }

  /// Says the last word now, or after the reply that is due.
  void stop(boolean replyDue) {
    leaving = true;
    stopping = true;
    if (!closed && !replyDue) {
      close(replies.goodbye());
    }
  }

  void close(Reply reply) {
    end(reply, false);
  }

  /// Ends a session that has not begun, without waiting for what the client may yet send: many come
  /// at a time when some have to be turned away.
  void turnAway(Reply reply) {
    end(reply, true);
  }

  /// Nobody listens any more.
  void hushed() {
    closed = true;
    dialogue.forget();
  }

  /// @param asked whether the client waits for nothing more
  void end(Reply reply, boolean asked) {
    hushed();
    carrier.reply(reply);
    carrier.hangUp(asked);
  }

  private void afterwards() {
    if (tally.errors() >= patience().errorLimit()) {
      dialogue.ended("too many errors");
      close(replies.tooManyErrors());
    } else if (leaving && (!dialogue.inTransaction() || stopping)) {
      close(replies.goodbye());
    }
  }
}
