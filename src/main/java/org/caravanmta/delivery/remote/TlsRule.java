package org.caravanmta.delivery.remote;

import java.util.Optional;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsProblem;

/// Something besides the operator's word that decides what TLS with a server must be: what its
/// domain publishes (RFC 7672, RFC 8461), what the sender wants (RFC 8689).
@FunctionalInterface
interface TlsRule {
  /// @param said what was decided before; its {@link TlsPolicy#origin} says by whom
  Ruling on(TlsPolicy said, Mail mail, NextHop hop, Peer peer);

  /// What it decides.
  sealed interface Ruling {
    /// TLS must be so; the same policy where it has nothing to say.
    record Be(TlsPolicy policy) implements Ruling {}

    /// The server must not get mail now.
    ///
    /// @param reason of class 4
    record Not(Reason reason, Optional<TlsProblem> problem) implements Ruling {}
  }
}
