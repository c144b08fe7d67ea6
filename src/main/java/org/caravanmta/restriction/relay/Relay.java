package org.caravanmta.restriction.relay;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Resolution;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Lookup;

/// Vouches for recipients whose mail we may accept: any recipient of a client of ours, and for
/// everybody those in our own, our virtual alias and our relay domains (RFC 5321 §3.6.2; postfix
/// `reject_unauth_destination`). An address is judged by where its mail would really go, see {@link
/// Resolution}.
public final class Relay {
  private final Resolution resolution;
  private final RelayDomains relayed;
  private final VirtualDomains virtual;
  private final boolean untrustedRouting;

  /// A client that wants mail sent on beyond its domain is a stranger.
  ///
  /// @param resolution knows our own domains
  public Relay(Resolution resolution, RelayDomains relayed, VirtualDomains virtual) {
    this(resolution, relayed, virtual, false);
  }

  /// @param resolution knows our own domains
  /// @param untrustedRouting whether mail is taken that is to be sent on from where we relay it to
  ///   (postfix `allow_untrusted_routing`)
  public Relay(
      Resolution resolution,
      RelayDomains relayed,
      VirtualDomains virtual,
      boolean untrustedRouting) {
    this.untrustedRouting = untrustedRouting;
    this.resolution = resolution;
    this.relayed = relayed;
    this.virtual = virtual;
  }

  /// Vouches for the recipient, or leaves it to the next step.
  public Case check(Case c) {
    return c.ifRecipient(this::vouched);
  }

  private Case vouched(Case.Rcpt rcpt) {
    if (!rcpt.open()) {
      return rcpt;
    }
    if (rcpt.client().trusted()) {
      return rcpt.vouchedFor();
    }
    return switch (ours(rcpt.recipient())) {
      case Lookup.Found _ -> rcpt.vouchedFor();
      case Lookup.Absent() -> rcpt;
      case Lookup.Unavailable _ ->
          rcpt.decided(
              new Verdict.Defer(
                  Reply.of(451, "4.3.0", "<" + rcpt.recipient() + ">: Temporary lookup failure")));
    };
  }

  /// Vouches for any recipient of a client in an own network and for nobody else's: for listeners
  /// that only our own programs may use.
  public Case ownNetworksOnly(Case c) {
    return c.ifRecipient(rcpt -> rcpt.open() && rcpt.client().own() ? rcpt.vouchedFor() : rcpt);
  }

  /// Whether mail for the recipient is ours to take from anybody: its domain, if it is.
  public Lookup ours(Address recipient) {
    try {
      return known(recipient);
    } catch (DomainList.Unavailable e) {
      return new Lookup.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private Lookup known(Address recipient) {
    Optional<Address> destination = resolution.resolve(recipient);
    if (destination.isEmpty()
        || !untrustedRouting
            && Resolution.routed(destination.get())
            && !resolution.own().contains(destination.get().domain())) {
      return new Lookup.Absent();
    }
    Domain domain = destination.get().domain();
    return resolution.own().contains(domain)
            || relayed.contains(domain)
            || virtual.hasMailboxes(domain)
        ? new Lookup.Found(domain.name())
        : virtual.find(domain);
  }
}
