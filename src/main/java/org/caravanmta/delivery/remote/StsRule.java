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

/// What the domain of a next hop publishes by MTA-STS (RFC 8461 §4, §5): a policy in force wants
/// the server's name and certificate proved. It is asked for only where TLS is wanted and nobody
/// has said more: an operator's table, and TLSA records (RFC 8461 §2), come first. It is about the
/// domain, before any server is called, so that a domain whose policy names none of its exchangers
/// holds up no other that has the same ones.
///
/// @param policies those of domains
record StsRule(MtaSts policies) implements TlsRule {
  @Override
  public Ruling on(TlsPolicy said, Mail mail, NextHop hop, Peer peer) {
    if (!isOpen(said) || !(hop instanceof NextHop.Host host) || host.direct()) {
      return new Ruling.Be(said);
    }
    return switch (policies.of(new Domain(host.host()))) {
      case Published.Nothing _, Published.Failed _ -> new Ruling.Be(said);
      case Published.Policy(KnownPolicy known) ->
          known.policy().mode() == StsPolicy.Mode.ENFORCE
              ? enforced(said, known.policy(), host.host(), peer)
              : new Ruling.Be(said);
    };
  }

  private static boolean isOpen(TlsPolicy said) {
    return said.origin() == Origin.SETTINGS
        && said.dane().isEmpty()
        && (said.level() == SecurityLevel.MAY
            || said.level() == SecurityLevel.DANE
            || said.level() == SecurityLevel.ENCRYPT);
  }

  private static Ruling enforced(TlsPolicy said, StsPolicy policy, String domain, Peer peer) {
    if (!policy.names(peer.host())) {
      return new Ruling.Not(
          Reason.of(
              "4.7.5",
              "%s is not one of the mail exchangers of the MTA-STS policy of %s, %s"
                  .formatted(peer.host(), domain, String.join(", ", policy.hosts()))),
          Optional.of(TlsProblem.VALIDATION_FAILURE));
    }
    return new Ruling.Be(said.proving(SecurityLevel.SECURE, peer.host(), Origin.MTA_STS));
  }
}
