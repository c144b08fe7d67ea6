package org.caravanmta.delivery.remote;

import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.mtasts.KnownPolicy;
import org.caravanmta.mtasts.MtaSts;
import org.caravanmta.mtasts.Published;
import org.caravanmta.mtasts.StsPolicy;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsPolicy.Origin;
import org.caravanmta.tls.client.TlsProblem;
import org.caravanmta.tls.client.Trial;

/// What the domain of a next hop publishes by MTA-STS (RFC 8461 §4, §5): a policy in force wants
/// the server's name and certificate proved. It is asked for only where TLS is wanted and nobody
/// has said more: an operator's table, and TLSA records (RFC 8461 §2), come first. It is about the
/// domain, before any server is called, so that a domain whose policy names none of its exchangers
/// holds up no other that has the same ones. By a policy that is tried out, or that cannot be read,
/// nothing is held up: what the server lacks is told (RFC 8460 §4.3).
///
/// @param policies those of domains
record StsRule(MtaSts policies) implements TlsRule {
  @Override
  public Ruling on(TlsPolicy said, Mail mail, NextHop hop, Peer peer) {
    if (!isOpen(said) || !(hop instanceof NextHop.Host host) || host.direct()) {
      return new Ruling.Be(said);
    }
    return switch (policies.of(new Domain(host.host()))) {
      case Published.Nothing _ -> new Ruling.Be(said);
      case Published.Failed(Published.Kind kind, String why) ->
          new Ruling.Be(said.watching(Trial.failed(peer.host(), problem(kind), why)));
      case Published.Policy(KnownPolicy known) ->
          switch (known.policy().mode()) {
            case ENFORCE -> enforced(said, known.policy(), host.host(), peer);
            case TESTING -> new Ruling.Be(said.watching(tried(known.policy(), host.host(), peer)));
            case NONE -> new Ruling.Be(said);
          };
    };
  }

  private static boolean isOpen(TlsPolicy said) {
    return said.origin() == Origin.SETTINGS
        && said.dane().isEmpty()
        && (said.level() == SecurityLevel.MAY
            || said.level() == SecurityLevel.DANE
            || said.level() == SecurityLevel.ENCRYPT);
  }

  private static TlsProblem problem(Published.Kind kind) {
    return switch (kind) {
      case FETCH_ERROR -> TlsProblem.STS_POLICY_FETCH_ERROR;
      case INVALID -> TlsProblem.STS_POLICY_INVALID;
      case WEBPKI -> TlsProblem.STS_WEBPKI_INVALID;
    };
  }

  /// RFC 8461 §5: mail goes on, but the domain wants to hear how it would have gone.
  private static Trial tried(StsPolicy policy, String domain, Peer peer) {
    return policy.names(peer.host())
        ? Trial.of(peer.host())
        : Trial.failed(peer.host(), TlsProblem.VALIDATION_FAILURE, stranger(policy, domain, peer));
  }

  private static String stranger(StsPolicy policy, String domain, Peer peer) {
    return "%s is not one of the mail exchangers of the MTA-STS policy of %s, %s"
        .formatted(peer.host(), domain, String.join(", ", policy.hosts()));
  }

  private static Ruling enforced(TlsPolicy said, StsPolicy policy, String domain, Peer peer) {
    if (!policy.names(peer.host())) {
      return new Ruling.Not(
          Reason.of("4.7.5", stranger(policy, domain, peer)),
          Optional.of(TlsProblem.VALIDATION_FAILURE));
    }
    return new Ruling.Be(said.proving(SecurityLevel.SECURE, peer.host(), Origin.MTA_STS));
  }
}
