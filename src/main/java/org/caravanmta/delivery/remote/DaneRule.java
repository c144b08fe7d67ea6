package org.caravanmta.delivery.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Idn;
import org.caravanmta.delivery.remote.DanePolicies.Finding;
import org.caravanmta.delivery.remote.DaneSettings.InsecureMx;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsPolicy.Origin;
import org.caravanmta.tls.client.TlsProblem;

/// DANE at the levels `dane` and `dane-only` (RFC 7672; postfix `smtp_tls_security_level`). What
/// the TLSA records of a server say replaces these levels: it must match them; there must be TLS if
/// none of them can be used; without any it is as `may` says, or, at `dane-only`, gets no mail.
///
/// A lookup that fails keeps the server from mail at both: who can make it fail could otherwise
/// have the mail in the clear.
final class DaneRule implements TlsRule {
  private final DanePolicies policies;
  private final InsecureMx insecureMx;

  DaneRule(DanePolicies policies, DaneSettings own) {
    this.policies = policies;
    this.insecureMx = own.insecureMx();
  }

  @Override
  public Ruling on(TlsPolicy said, Mail mail, NextHop hop, Peer peer) {
    if (said.level() != SecurityLevel.DANE && said.level() != SecurityLevel.DANE_ONLY) {
      return new Ruling.Be(said);
    }
    return switch (policies.of(hop, peer)) {
      case Finding.Unanswered(String why) -> not(peer, why, TlsProblem.DNSSEC_INVALID);
      case Finding.Off(String why) ->
          without(said, SecurityLevel.MAY, said.origin(), peer, "DANE is off: " + why);
      case Finding.Nothing(String why) ->
          without(said, SecurityLevel.MAY, said.origin(), peer, why);
      case Finding.Unusable(String base, boolean sure) ->
          sure || insecureMx != InsecureMx.MAY
              ? without(
                  said,
                  SecurityLevel.ENCRYPT,
                  Origin.DANE,
                  peer,
                  "no TLSA record of " + base + " can be used")
              : without(said, SecurityLevel.MAY, said.origin(), peer, insecure(hop));
      case Finding.Found found ->
          found.sure() ? must(said, hop, found) : unsure(said, hop, peer, found);
    };
  }

  /// The server must match the records. What it is asked for is the name below which they are, and
  /// its certificate is for that one or for the domain of the next hop (RFC 7672 §3.2.2).
  private static Ruling must(TlsPolicy said, NextHop hop, Finding.Found found) {
    var names = new ArrayList<String>();
    names.add(Idn.ascii(found.base()));
    if (hop instanceof NextHop.Host(String domain, _, boolean direct) && !direct) {
      names.add(Idn.ascii(domain));
    }
    return new Ruling.Be(
        said.at(said.level(), Origin.DANE)
            .matching(List.copyOf(names))
            .asking(Idn.ascii(found.base()))
            .with(found.records()));
  }

  private Ruling unsure(TlsPolicy said, NextHop hop, Peer peer, Finding.Found found) {
    if (said.level() == SecurityLevel.DANE_ONLY) {
      return not(peer, insecure(hop), TlsProblem.DANE_REQUIRED);
    }
    return switch (insecureMx) {
      case DANE -> must(said, hop, found);
      case ENCRYPT -> new Ruling.Be(said.at(SecurityLevel.ENCRYPT, Origin.DANE));
      case MAY -> new Ruling.Be(said.at(SecurityLevel.MAY, said.origin()));
    };
  }

  /// No record to match.
  private static Ruling without(
      TlsPolicy said, SecurityLevel instead, Origin by, Peer peer, String why) {
    return said.level() == SecurityLevel.DANE_ONLY
        ? not(peer, why, TlsProblem.DANE_REQUIRED)
        : new Ruling.Be(said.at(instead, by));
  }

  private static String insecure(NextHop hop) {
    return "the MX records of "
        + (hop instanceof NextHop.Host host ? host.host() : hop)
        + " are not secure";
  }

  private static Ruling not(Peer peer, String why, TlsProblem problem) {
    return new Ruling.Not(
        Reason.of("4.7.5", "mail is withheld from " + peer.host() + " here: " + why),
        Optional.of(problem));
  }
}
