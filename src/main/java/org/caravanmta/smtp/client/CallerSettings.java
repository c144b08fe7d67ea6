package org.caravanmta.smtp.client;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.address.Domain;

/// Keys of the section `delivery.outgoing`: how we behave as a client.
///
/// @param heloName the argument of EHLO and LHLO in place of our hostname (postfix
///   `smtp_helo_name`)
/// @param bindAddress the address to call IPv4 servers from (postfix `smtp_bind_address`); where
///   there is none, the operating system chooses
/// @param bindAddress6 the address to call IPv6 servers from (postfix `smtp_bind_address6`)
/// @param skipRefusal whether a server that greets us with 5yz counts as unreachable (postfix
///   `smtp_skip_5xx_greeting`); otherwise it has refused the message
/// @param xforward whether a server that offers XFORWARD is told which client we received the
///   message from (postfix `smtp_send_xforward_command`)
/// @param timeouts how long we wait at each step
public record CallerSettings(
    Optional<Domain> heloName,
    Optional<InetAddress> bindAddress,
    Optional<InetAddress> bindAddress6,
    boolean skipRefusal,
    boolean xforward,
    TimeoutSettings timeouts) {
  public CallerSettings {
    if (bindAddress.filter(address -> !(address instanceof Inet4Address)).isPresent()) {
      throw new IllegalArgumentException("bind-address must be an IPv4 address");
    }
    if (bindAddress6.filter(address -> !(address instanceof Inet6Address)).isPresent()) {
      throw new IllegalArgumentException("bind-address6 must be an IPv6 address");
    }
  }

  /// The settings for our hostname, any address, and no XFORWARD.
  static CallerSettings plain(TimeoutSettings timeouts) {
    return new CallerSettings(
        Optional.empty(), Optional.empty(), Optional.empty(), true, false, timeouts);
  }

  /// The settings for calling a content filter: our hostname, any address, with XFORWARD.
  public CallerSettings toFilters() {
    return plain(timeouts).withXforward(true);
  }

  /// @param command the time-out of each step that is not set
  CallerSettings withDefault(Duration command) {
    return new CallerSettings(
        heloName, bindAddress, bindAddress6, skipRefusal, xforward, timeouts.withDefault(command));
  }

  CallerSettings withXforward(boolean changed) {
    return new CallerSettings(heloName, bindAddress, bindAddress6, skipRefusal, changed, timeouts);
  }
}
