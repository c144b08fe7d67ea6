package org.caravanmta.reception.session;

import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.wire.Lines;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.caravanmta.tls.server.TlsSession;
import org.jspecify.annotations.Nullable;

/// The part of a session in which the client does not send commands, but a TLS handshake, after
/// STARTTLS (RFC 3207 §4), or the responses of a login, after AUTH (RFC 4954 §4).
final class SecurityPhase implements SessionState.UnderWay {
  private final Dialogue dialogue;
  private final Protection protection;
  private @Nullable AuthPhase auth;
  // whether a TLS handshake is under way
  private boolean securing;

  SecurityPhase(Dialogue dialogue, Protection protection) {
    this.dialogue = dialogue;
    this.protection = protection;
  }

  /// Whether nothing can be taken now: a handshake is under way, or a response is being checked.
  boolean pending() {
    return securing || auth != null && auth.working();
  }

  /// Takes a line, if it is a response and not a command.
  ///
  /// @return whether it was taken
  boolean take(Lines.Line line) {
    if (auth == null) {
      return false;
    }
    auth.line(line);
    return true;
  }

  /// Takes STARTTLS.
  void startTls() {
    if (!Security.takeRoom(dialogue.carrier().holding())) {
      dialogue.writer().done(Verb.STARTTLS, SecurityReplies.NO_ROOM_FOR_TLS);
      return;
    }
    dialogue.state().forget();
    dialogue.writer().count(Verb.STARTTLS, true);
    securing = true;
    dialogue.writer().send(SecurityReplies.READY);
    dialogue.carrier().secure();
  }

  /// Ends the handshake; the client has to send EHLO again (RFC 3207 §4.2).
  void secured(TlsSession agreed) {
    securing = false;
    protection.begin(agreed);
    SessionState state = dialogue.state();
    Client known = ClientFacts.secured(state.client(), agreed.toString(), agreed.certificate());
    Events.tell(new SessionEvent.Secured(known));
    state.knows(known);
  }

  /// Takes AUTH.
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
