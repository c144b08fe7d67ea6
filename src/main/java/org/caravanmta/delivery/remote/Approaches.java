package org.caravanmta.delivery.remote;

import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Unreachable;
import org.caravanmta.tls.client.TlsProblem;

/// Decides how each server is approached: what its TLS must be, as whom we log in, from which
/// address.
interface Approaches {
  /// In the clear to everybody.
  Approaches PLAIN =
      new Approaches() {
        @Override
        public Choice to(Mail mail, NextHop hop, Peer peer, Optional<String> pool) {
          return new Choice.As(Approach.PLAIN);
        }
      };

  /// @param hop the next hop that led to the server
  /// @param pool of addresses that it is called from; absent for the usual one
  Choice to(Mail mail, NextHop hop, Peer peer, Optional<String> pool);

  /// Another approach to the same server, after some have failed; absent if there is none.
  ///
  /// @param failed at least one, in their order
  /// @param why the last has
  default Optional<Approach> instead(
      Mail mail, Peer peer, List<Approach> failed, Unreachable why, Optional<String> pool) {
    return Optional.empty();
  }

  /// How a server is approached.
  sealed interface Choice {
    /// In this way.
    record As(Approach approach) implements Choice {}

    /// Not now: the next server is tried, and without any the message is deferred.
    ///
    /// @param reason of class 4: what we do not know, or do not allow, never fails a recipient
    /// @param problem for reports about TLS (RFC 8460); absent if it is not one of TLS
    record Not(Reason reason, Optional<TlsProblem> problem) implements Choice {
      Not(Reason reason) {
        this(reason, Optional.empty());
      }
    }
  }
}
