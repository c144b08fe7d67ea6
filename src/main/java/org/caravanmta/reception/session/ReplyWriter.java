package org.caravanmta.reception.session;

import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.limits.Tally;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// What the server says in one session, and when (RFC 5321 §4.2, §7.8): at once, late to a client
/// that has erred too often, or for the last time. Every reply leaves by {@link #send}, which makes
/// it what the operator and the client's EHLO want it to be.
final class ReplyWriter {
  private final SessionTerms settings;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Replies replies;
  private final SessionState state;
  private final Carrier carrier;
  private final Tally tally = new Tally();
  private String last = "CONNECT";
  private boolean closed;
  private boolean leaving;
  private boolean stopping;
  // a reply is due that comes later
  private boolean paused;

  ReplyWriter(Reception reception, Replies replies, SessionState state, Carrier carrier) {
    this.settings = reception.settings();
    this.sessions = reception.sessions();
    this.clock = reception.clock();
    this.replies = replies;
    this.state = state;
    this.carrier = carrier;
  }

  /// What the session puts up with now.
  Patience patience() {
    Patience patience = settings.smtp().patience();
    return sessions.stressed() ? patience.stressed() : patience;
  }

  /// The commands so far.
  Tally tally() {
    return tally;
  }

  /// @param step of the dialogue, that the client has come to
  void heard(String step) {
    last = step;
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

  /// The reply to a command that is refused without its being the client's error.
  void overlook(Verb verb, Reply reply) {
    tally.countHarmless(verb);
    say(reply, () -> {});
  }

  /// The reply to a command that is refused, and a line in the log.
  ///
  /// @param recipient whom it was about
  void refuse(Verb verb, Optional<Address> recipient, Reply reply) {
    done(verb, rejected(verb.name(), recipient, reply));
  }

  /// The log is to say that something is refused.
  ///
  /// @param step `CONNECT`, the command, `END-OF-MESSAGE`
  /// @return the reply as the log has it, which is still to be given
  Reply rejected(String step, Optional<Address> recipient, Reply reply) {
    return rejected(step, state.client(), recipient, reply);
  }

  /// @param client as it would be known if it were not refused
  Reply rejected(String step, Client client, Optional<Address> recipient, Reply reply) {
    Reply given = settings.given(reply);
    Optional<MailTransaction> transaction = state.transaction();
    Events.tell(
        new SessionEvent.Refused(
            step,
            client,
            transaction.flatMap(MailTransaction::id),
            transaction.map(MailTransaction::sender),
            recipient,
            given));
    return given;
  }

  /// Whether nothing comes after it (RFC 5321 §3.8, RFC 7504 §3).
  static boolean isLast(Reply reply) {
    return reply.code() == 421 || reply.code() == 521;
  }

  /// Gives a reply, late when the client has erred too often, and then goes on.
  void say(Reply reply, Runnable then) {
    if (tally.errors() < patience().softErrorLimit()) {
      send(reply);
      then.run();
      return;
    }
    paused = true;
    carrier.later(
        patience().errorDelay(),
        () -> {
          paused = false;
          if (!closed) {
            send(reply);
            then.run();
          }
        });
  }

  /// Gives a reply now: softened and with the operator's footer when it refuses something, without
  /// its enhanced status when the client is not offered any (RFC 2034 §4).
  void send(Reply reply) {
    Reply given = settings.given(reply);
    RejectFooter footer = settings.rules().footer();
    if (!given.positive() && !footer.isEmpty()) {
      given = footer.addTo(given, FooterFacts.of(state, replies.hostname(), clock.instant()));
    }
    carrier.reply(
        state.lacks(Extension.ENHANCEDSTATUSCODES)
            ? new Reply(given.code(), Optional.empty(), given.lines())
            : given);
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
    if (!closed && !state.inTransaction()) {
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

  /// The last word of a session that ends before its time.
  ///
  /// @param why for the log
  void breakOff(String why, Reply reply) {
    ended(why);
    close(reply);
  }

  /// Ends a session that has not begun, without waiting for what the client may yet send: many come
  /// at a time when some have to be turned away.
  void turnAway(Reply reply) {
    end(reply, true);
  }

  /// Nobody listens any more, and nobody has said why.
  void lost() {
    ended("lost connection");
    hushed();
  }

  /// @param asked whether the client waits for nothing more
  void end(Reply reply, boolean asked) {
    hushed();
    send(reply);
    carrier.hangUp(asked);
  }

  private void hushed() {
    closed = true;
    state.forget();
  }

  private void ended(String why) {
    Events.tell(new SessionEvent.Ended(why, last, state.client()));
  }

  private void afterwards() {
    if (tally.errors() >= patience().errorLimit()) {
      breakOff("too many errors", replies.tooManyErrors());
    } else if (leaving && (!state.inTransaction() || stopping)) {
      close(replies.goodbye());
    }
  }
}
