package org.caravanmta.reception.session;

import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.message.Client;
import org.caravanmta.reception.wire.Lines;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.caravanmta.tls.server.Secured;
import org.jspecify.annotations.Nullable;

/// The part of a session in which the client secures it or proves who it is, instead of sending
/// commands: after STARTTLS (RFC 3207 §4), or after AUTH until its reply (RFC 4954 §4).
final class SecurityPhase {
  /// What goes on with the dialogue.
  interface Dialogue {
    /// The client is known better now.
    void knows(Client client);

    /// The reply to AUTH.
    void done(Verb verb, Reply reply);
  }

  private final String hostname;
  private final InstantSource clock;
  private final Protection protection;
  private final Carrier carrier;
  private final Dialogue dialogue;
  private @Nullable AuthPhase auth;
  // until the TLS handshake is over
  private boolean securing;

  SecurityPhase(
      Reception reception, Security security, Service service, Carrier carrier, Dialogue dialogue) {
    this.hostname = reception.settings().hostname();
    this.clock = reception.clock();
    this.protection = new Protection(security, service);
    this.carrier = carrier;
    this.dialogue = dialogue;
  }

  Protection protection() {
    return protection;
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

  /// Whether there is memory for TLS; it is taken.
  boolean hasRoom() {
    return Security.hasRoom(carrier.holding());
  }

  void startTls() {
    securing = true;
    carrier.reply(SecurityReplies.READY);
    carrier.secure();
  }

  /// The handshake is over, and the client begins anew (RFC 3207 §4.2).
  void secured(Client client, Secured agreed) {
    securing = false;
    protection.begin(agreed);
    Client known = ClientFacts.secured(client, agreed.toString(), agreed.certificate());
    SessionLog.secured(known);
    dialogue.knows(known);
  }

  void auth(Client client, Command.Auth command) {
    AuthPhase.End end =
        new AuthPhase.End() {
          @Override
          public void refused(Reply reply) {
            auth = null;
            dialogue.done(Verb.AUTH, reply);
          }

          @Override
          public void loggedIn(String user, String mechanism) {
            dialogue.knows(ClientFacts.loggedIn(client, user, mechanism));
            refused(SecurityReplies.SUCCESS);
          }
        };
    Optional<AuthPhase> phase =
        AuthPhase.of(hostname, client, protection, clock, carrier, command, end);
    auth = phase.orElse(null);
    phase.ifPresentOrElse(
        AuthPhase::begin, () -> dialogue.done(Verb.AUTH, SecurityReplies.NO_SUCH_MECHANISM));
  }

  /// Nobody waits for a reply any more.
  void forget() {
    if (auth != null) {
      auth.abandon();
      auth = null;
    }
  }
}
