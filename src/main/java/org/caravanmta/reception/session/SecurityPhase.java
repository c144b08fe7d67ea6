package org.caravanmta.reception.session;

import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.wire.Lines;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.caravanmta.tls.server.Secured;
import org.jspecify.annotations.Nullable;

/// The part of a session in which the client secures it or proves who it is, instead of sending
/// commands: after STARTTLS (RFC 3207 §4), or after AUTH until its reply (RFC 4954 §4).
final class SecurityPhase implements SessionState.UnderWay {
  private final Dialogue dialogue;
  private final Protection protection;
  private @Nullable AuthPhase auth;
  // until the TLS handshake is over
  private boolean securing;

  SecurityPhase(Dialogue dialogue, Protection protection) {
    this.dialogue = dialogue;
    this.protection = protection;
  }

  /// Whether nothing can be taken now: a handshake is under way, or a proof is looked at.
  boolean pending() {
    return securing || auth != null && auth.working();
  }

  /// Takes a line that is not a command, but a response.
  ///
  /// @return whether it is one
  boolean take(Lines.Line line) {
    if (auth == null) {
      return false;
    }
    auth.line(line);
    return true;
  }

  void startTls() {
    if (!Security.hasRoom(dialogue.carrier().holding())) {
      dialogue.writer().done(Verb.STARTTLS, SecurityReplies.NO_ROOM_FOR_TLS);
      return;
    }
    dialogue.state().forget();
    dialogue.writer().count(Verb.STARTTLS, true);
    securing = true;
    dialogue.writer().send(SecurityReplies.READY);
    dialogue.carrier().secure();
  }

  /// The handshake is over, and the client begins anew (RFC 3207 §4.2).
  void secured(Secured agreed) {
    securing = false;
    protection.begin(agreed);
    SessionState state = dialogue.state();
    Client known = ClientFacts.secured(state.client(), agreed.toString(), agreed.certificate());
    Events.tell(new SessionEvent.Secured(known));
    state.knows(known);
  }

  void auth(Command.Auth command) {
    AuthPhase.of(dialogue, protection, command, this::end)
        .ifPresentOrElse(
            phase -> {
              auth = phase;
              phase.begin();
            },
            () -> end(SecurityReplies.NO_SUCH_MECHANISM));
  }

  private void end(Reply reply) {
    auth = null;
    dialogue.writer().done(Verb.AUTH, reply);
  }

  @Override
  public void forget() {
    if (auth != null) {
      auth.abandon();
      auth = null;
    }
  }
}
