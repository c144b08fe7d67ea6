package org.caravanmta.delivery.remote;

import java.net.InetAddress;
import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.Unreachable;
import org.caravanmta.tls.Strength;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsPolicy.Origin;
import org.caravanmta.tls.client.TlsProblem;

/// Tells what TLS with servers has come to, once for each connection.
final class TlsTold {
  private TlsTold() {}

  /// A server talks to us.
  static void opened(NextHop hop, SmtpDialogue dialogue) {
    TlsPolicy policy = dialogue.approach().tls();
    if (policy.level() == SecurityLevel.NONE && policy.origin() != Origin.FALLBACK) {
      return;
    }
    TlsEvent.Session session =
        session(
            policy,
            hop,
            dialogue.peer(),
            dialogue.from(),
            dialogue.names().stream().findFirst().orElse(""));
    Events.tell(
        dialogue
            .channel()
            .<TlsEvent>map(channel -> new TlsEvent.Established(session, channel))
            .orElseGet(() -> new TlsEvent.Unencrypted(session)));
  }

  /// A server does not, or not safely enough.
  ///
  /// @param clear whether it is called again in the clear
  static void failed(NextHop hop, Peer peer, Approach approach, Unreachable why, boolean clear) {
    why.insecure()
        .ifPresent(
            insecure ->
                Events.tell(
                    new TlsEvent.Failed(
                        session(approach.tls(), hop, peer, insecure.from(), ""),
                        insecure.problem(),
                        insecure.detail(),
                        clear)));
  }

  /// A server is not called.
  static void notTried(NextHop hop, Peer peer, TlsProblem problem, Reason reason) {
    TlsPolicy policy =
        switch (problem) {
          case TLSA_INVALID, DNSSEC_INVALID, DANE_REQUIRED ->
              TlsPolicy.of(SecurityLevel.DANE, Strength.USUAL, Origin.DANE);
          case STS_POLICY_FETCH_ERROR, STS_POLICY_INVALID, STS_WEBPKI_INVALID, VALIDATION_FAILURE ->
              TlsPolicy.of(SecurityLevel.SECURE, Strength.USUAL, Origin.MTA_STS);
          case STARTTLS_NOT_SUPPORTED,
              CERTIFICATE_HOST_MISMATCH,
              CERTIFICATE_EXPIRED,
              CERTIFICATE_NOT_TRUSTED ->
              TlsPolicy.of(SecurityLevel.SECURE, Strength.USUAL, Origin.TABLE);
        };
    Events.tell(
        new TlsEvent.Forbidden(
            session(policy, hop, peer, Optional.empty(), ""), problem, reason.text()));
  }

  private static TlsEvent.Session session(
      TlsPolicy policy, NextHop hop, Peer peer, Optional<InetAddress> from, String helo) {
    String domain =
        switch (hop) {
          case NextHop.Host host -> host.host();
          case NextHop.Socket(String path) -> path;
        };
    return new TlsEvent.Session(
        policy, domain, peer.host(), peer.toString(), peer.ip(), from, helo);
  }
}
