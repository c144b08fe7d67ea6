package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.caravanmta.config.Flat;
import org.caravanmta.message.Relayhost;
import org.caravanmta.smtp.client.CallerSettings;

/// The section `delivery.outgoing`: how other servers are found, and how we behave towards them.
///
/// @param fallbackRelay next hops for what the others have not taken (postfix
///   `smtp_fallback_relay`)
/// @param rateDelay how long a destination is left alone after each task; tasks then go one at a
///   time; zero for no time (postfix `default_destination_rate_delay`)
public record OutgoingSettings(
    List<HostLookup> hostLookup,
    @Flat Tries tries,
    List<Relayhost> fallbackRelay,
    int recipientLimit,
    Duration rateDelay,
    @Flat CallerSettings caller) {
  /// Who is asked for the address of a host.
  public enum HostLookup {
    /// The name servers.
    DNS,
    /// The machine, which looks into `/etc/hosts` first.
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

  /// The same towards content filters, which have no fallback.
  OutgoingSettings toFilters() {
    return new OutgoingSettings(
        hostLookup, tries, List.of(), recipientLimit, rateDelay, caller.toFilters());
  }

  /// A list of next hops, empty for none.
  String fallback() {
    return fallbackRelay.stream().map(Relayhost::nextHop).collect(Collectors.joining(", "));
  }
}
