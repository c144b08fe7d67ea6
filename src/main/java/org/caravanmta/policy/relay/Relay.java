package org.caravanmta.policy.relay;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Resolution;
import org.caravanmta.policy.Case;

/// Vouches for recipients whose mail is ours to take: any recipient of a client of ours, and for
/// everybody those in our own and our relay domains (RFC 5321 §3.6.2; postfix
/// `reject_unauth_destination`). An address is judged by where its mail would really go, see {@link
/// Resolution}.
public final class Relay {
  private final Resolution resolution;
  private final RelayDomains relayed;

  /// @param resolution knows our own domains
  public Relay(Resolution resolution, RelayDomains relayed) {
    this.resolution = resolution;
    this.relayed = relayed;
  }

  /// Vouches for the recipient, or leaves it to the next step.
  public Case check(Case c) {
    return switch (c) {
      case Case.Rcpt rcpt ->
          rcpt.open() && (rcpt.client().trusted() || isOurs(rcpt.recipient()))
              ? rcpt.vouchedFor()
              : rcpt;
      case Case.Connection _, Case.Data _, Case.Message _ -> c;
    };
  }

  /// Vouches for any recipient of a client in an own network and for nobody else's: for listeners
  /// that only our own programs may use.
  public Case ownNetworksOnly(Case c) {
    return switch (c) {
      case Case.Rcpt rcpt -> rcpt.open() && rcpt.client().own() ? rcpt.vouchedFor() : rcpt;
      case Case.Connection _, Case.Data _, Case.Message _ -> c;
    };
  }

  /// Whether mail for the recipient is ours to take from anybody.
  public boolean isOurs(Address recipient) {
    Optional<Address> destination = resolution.resolve(recipient);
    return destination.isPresent()
        && !Resolution.routed(destination.get())
        && (resolution.own().contains(destination.get().domain())
            || relayed.contains(destination.get().domain()));
  }
}
