package org.caravanmta.delivery.remote;

import java.util.Optional;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.smtp.client.Peer;

/// Decides as whom we log in at a server (RFC 4954).
@FunctionalInterface
interface ServerLogins {
  /// As nobody.
  ServerLogins NOBODY = (mail, hop, peer) -> new Answer.As(Optional.empty());

  Answer at(Mail mail, NextHop hop, Peer peer);

  /// As whom.
  sealed interface Answer {
    /// @param login absent for nobody
    record As(Optional<RemoteLogin> login) implements Answer {}

    /// That cannot be told now.
    ///
    /// @param reason of class 4
    record Not(Reason reason) implements Answer {}
  }
}
