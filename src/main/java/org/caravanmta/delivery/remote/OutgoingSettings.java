package org.caravanmta.delivery.remote;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Relayhost;
import org.caravanmta.smtp.client.TimeoutSettings;

/// The section `delivery.outgoing`: how other servers are found, and how we behave towards them.
public record OutgoingSettings(
    Optional<Domain> heloName,
    Optional<InetAddress> bindAddress,
    Optional<InetAddress> bindAddress6,
    List<HostLookup> hostLookup,
    int addressLimit,
    int sessionLimit,
    boolean balanceProtocols,
    List<Relayhost> fallbackRelay,
    boolean skipRefusal,
    boolean xforward,
    int recipientLimit,
    Duration rateDelay,
    TimeoutSettings timeouts) {
  /// Who is asked for the address of a host.
  public enum HostLookup {
    /// The name servers.
    DNS,
    /// The machine, which looks into `/etc/hosts` first.
    NATIVE
  }

  public OutgoingSettings {
    if (bindAddress.filter(address -> !(address instanceof Inet4Address)).isPresent()) {
      throw new IllegalArgumentException("bind-address must be an IPv4 address");
    }
    if (bindAddress6.filter(address -> !(address instanceof Inet6Address)).isPresent()) {
      throw new IllegalArgumentException("bind-address6 must be an IPv6 address");
    }
    if (hostLookup.isEmpty() || new HashSet<>(hostLookup).size() < hostLookup.size()) {
      throw new IllegalArgumentException("host-lookup must be dns, native or both");
    }
    notNegative("address-limit", addressLimit);
    notNegative("session-limit", sessionLimit);
    notNegative("recipient-limit", recipientLimit);
    if (rateDelay.isNegative()) {
      throw new IllegalArgumentException("rate-delay must not be negative");
    }
  }

  private static void notNegative(String key, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(key + " must not be negative");
    }
  }
}
