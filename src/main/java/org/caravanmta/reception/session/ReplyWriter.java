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

/// The writer of all replies in one session, which also decides when they are sent and when the
/// session ends (RFC 5321 §4.2, §7.8): replies to a client with too many errors are delayed. Every
/// reply is sent by {@link #send}, which gives it the form that the operator's settings and the
/// client's EHLO ask for.
final class ReplyWriter {
  private final SessionTerms settings;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Replies replies;
  private final SessionState state;
  private final Carrier carrier;
  private final Tally tally = new Tally();
  private final Transcript transcript;
  // the step of the dialogue that the client has reached
  private String lastStep = "CONNECT";
  private boolean closed;
  private boolean leaving;
  private boolean stopping;
  // whether a reply is due that comes later
  private boolean paused;

  ReplyWriter(Reception reception, Replies replies, SessionState state, Carrier carrier) {
    this.settings = reception.settings();
    this.sessions = reception.sessions();
    this.clock = reception.clock();
    this.replies = replies;
    this.state = state;
    this.carrier = carrier;
    this.transcript = new Transcript(settings.rules().told());
  }

  /// What has been said, for the postmaster.
  Transcript transcript() {
    return transcript;
  }

  /// What the session puts up with from its client now.
  Patience patience() {
    Patience patience = settings.smtp().patience();
    return sessions.stressed() ? patience.stressed() : patience;
  }

  /// The count of commands and errors so far.
  Tally tally() {
    return tally;
  }

  /// Takes note, for the log, of the step of the dialogue that the client has reached.
  void reached(String step) {
    lastStep = step;
  }

  /// Whether the last reply of the session has been given.
  boolean closed() {
    return closed;
  }

  /// Whether no new transaction may begin.
  boolean leaving() {
    return leaving;
  }

  /// Whether nothing can be taken from the client now: a reply comes first, or the session has
  /// ended.
  boolean pending() {
    return closed || paused;
  }

  /// Counts a command that is replied to by {@link #send}.
  void count(Verb verb, boolean good) {
    tally.count(verb, good, patience().idleLimit());
  }

  /// Replies to a command, which is counted, and ends the session if that is due.
  void done(Verb verb, Reply reply) {
    count(verb, reply.positive());
    if (isLast(reply)) {
      close(reply);
    } else {
      sendOrDelay(reply, this::afterwards);
    }
  }

  /// Refuses a command without counting it as an error of the client.
  void overlook(Verb verb, Reply reply) {
    tally.countHarmless(verb);
    sendOrDelay(reply, () -> {});
  }

  /// Refuses a command, and logs the refusal.
  ///
  /// @param recipient whom the command was about
  void refuse(Verb verb, Optional<Address> recipient, Reply reply) {
    done(verb, logRefusal(verb.name(), recipient, reply));
  }

  /// Logs a refusal.
  ///
  /// @param step `CONNECT`, the verb, or `END-OF-MESSAGE`
  /// @param recipient whom the refusal is about; absent when it is about none or several
  /// @return the reply as it was logged, which the caller still has to give
  Reply logRefusal(String step, Optional<Address> recipient, Reply reply) {
    return logRefusal(step, state.client(), recipient, reply);
  }

  /// Logs a refusal of a client that is better known than the state has it.
  Reply logRefusal(String step, Client client, Optional<Address> recipient, Reply reply) {
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

  /// Whether the session ends with a reply, 421 or 521 (RFC 5321 §3.8, RFC 7504 §3).
  static boolean isLast(Reply reply) {
    return reply.code() == 421 || reply.code() == 521;
  }

  /// Sends a reply, after a delay if the client has made too many errors (RFC 5321 §7.8), and then
  /// goes on.
  void sendOrDelay(Reply reply, Runnable then) {
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

  /// Sends a reply now. A refusal is softened if the operator wants it (postfix `soft_bounce`) and
  /// has the operator's footer; the enhanced status is left out for a client that is not offered it
  /// (RFC 2034 §4).
  void send(Reply reply) {
    Reply given = settings.given(reply);
    RejectFooter footer = settings.rules().footer();
    if (!given.positive() && !footer.isEmpty()) {
      given = footer.addTo(given, FooterFacts.of(state, replies.hostname(), clock.instant()));
    }
    transcript.said(given);
    carrier.reply(
        state.lacks(Extension.ENHANCEDSTATUSCODES)
            ? new Reply(given.code(), Optional.empty(), given.lines())
            : given);
  }

  /// Takes nothing more from the client until {@link #resume}.
  void pause() {
    paused = true;
  }

  /// Goes on after {@link #pause}.
  ///
  /// @return whether the session has not ended meanwhile, so that a reply can still be given
  boolean resume() {
    paused = false;
    return !closed;
  }

  /// Ends the session with 421 as soon as no transaction is under way.
  void leave() {
    leaving = true;
    if (!closed && !state.inTransaction()) {
      close(replies.goodbye());
    }
  }

  /// Ends the session with 421 now, or after the reply that is due.
  void stop(boolean replyDue) {
    leaving = true;
    stopping = true;
    if (!closed && !replyDue) {
      close(replies.goodbye());
    }
  }

  /// Ends the session with this reply.
  void close(Reply reply) {
    end(reply, false);
  }

  /// Ends the session with this reply before its time.
  ///
  /// @param why for the log
  void breakOff(String why, Reply reply) {
    logEnd(why);
    close(reply);
  }

  /// Ends a session that has not begun, without waiting for what the client may still send: when
  /// some clients have to be turned away, there are many.
  void turnAway(Reply reply) {
    end(reply, true);
  }

  /// Ends the session without a reply, because the connection has been lost.
  void lost() {
    logEnd("lost connection");
    forgetAll();
  }

  /// Ends the session with this reply.
  ///
  /// @param atOnce whether the connection is closed as soon as the reply has been sent, see {@link
  ///   Carrier#hangUp}
  void end(Reply reply, boolean atOnce) {
    forgetAll();
    send(reply);
    carrier.hangUp(atOnce);
  }

  private void forgetAll() {
    closed = true;
    state.forget();
  }

  private void logEnd(String why) {
    Events.tell(new SessionEvent.Ended(why, lastStep, state.client()));
  }

  /// Ends the session after a reply, if there were too many errors or the server is stopping.
  private void afterwards() {
    if (tally.errors() >= patience().errorLimit()) {
      breakOff("too many errors", replies.tooManyErrors());
    } else if (leaving && (!state.inTransaction() || stopping)) {
      close(replies.goodbye());
    }
  }
}
