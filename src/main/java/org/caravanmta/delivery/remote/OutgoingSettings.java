package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.caravanmta.config.Flat;
import org.caravanmta.message.Relayhost;
import org.caravanmta.smtp.client.CallerSettings;

/// The section `delivery.outgoing`: how other servers are found, and how we behave towards them
/// (RFC 5321 §5.1).
///
/// @param hostLookup where addresses of hosts are looked up, in this order; at least one (postfix
///   `smtp_host_lookup`)
/// @param addresses which addresses of servers are called, and in which order
/// @param tries how many servers of one next hop are tried
/// @param fallbackRelay next hops for mail that its own servers do not take for now (postfix
///   `smtp_fallback_relay`)
/// @param recipientLimit the most recipients of one transaction; 0 for any number (postfix
///   `default_destination_recipient_limit`)
/// @param rateDelay how long a destination is left alone after each message; messages then go one
///   at a time; zero for not at all (postfix `default_destination_rate_delay`)
/// @param caller what we say of ourselves, and where connections come from
public record OutgoingSettings(
    List<HostLookup> hostLookup,
    @Flat AddressChoice addresses,
    @Flat Tries tries,
    List<Relayhost> fallbackRelay,
    int recipientLimit,
    Duration rateDelay,
    @Flat CallerSettings caller) {
  /// Where the addresses of a host are looked up.
  public enum HostLookup {
    /// At the name servers.
    DNS,
    /// By the system, which looks into `/etc/hosts` first.
    NATIVE
  }

  public OutgoingSettings {
    if (hostLookup.isEmpty() || new HashSet<>(hostLookup).size() < hostLookup.size()) {
      throw new IllegalArgumentException("host-lookup must be dns, native or both");
    }
    if (recipientLimit < 0) {
      throw new IllegalArgumentException("recipient-limit must not be negative");
    }
    if (rateDelay.isNegative()) {
      throw new IllegalArgumentException("rate-delay must not be negative");
    }
  }

  /// The same for content filters, which have no fallback relay.
  OutgoingSettings toFilters() {
    return new OutgoingSettings(
        hostLookup, addresses, tries, List.of(), recipientLimit, rateDelay, caller.toFilters());
  }

  /// The fallback relays as a list of next hops, with commas; empty for none.
  String fallback() {
    return fallbackRelay.stream().map(Relayhost::nextHop).collect(Collectors.joining(", "));
  }
}
