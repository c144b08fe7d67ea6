package org.caravanmta.smtp.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How we behave as a client: the name and addresses that we call from, how long we wait, and how
/// we treat content.
///
/// @param hostname the argument of EHLO and LHLO (postfix `smtp_helo_name`)
/// @param addresses the addresses to call from, at most one of IPv4 and one of IPv6 (postfix
///   `smtp_bind_address`, `smtp_bind_address6`); where there is none, the operating system chooses
/// @param skip5xxGreeting whether a server that greets us with 5yz counts as unreachable (postfix
///   `smtp_skip_5xx_greeting`); otherwise it has refused the message
/// @param longestLine how many bytes a line of content may have (RFC 5321 §4.5.3.1.6; postfix
///   `smtp_line_length_limit`); longer lines are broken; 0 for any length
/// @param sevenBit whether eight-bit content is converted for a server that does not offer 8BITMIME
///   (RFC 6152 §3)
/// @param xforward whether a server that offers XFORWARD is told which client we received the
///   message from (postfix `smtp_send_xforward_command`)
public record SmtpCaller(
    String hostname,
    SmtpTimeouts timeouts,
    List<InetAddress> addresses,
    boolean skip5xxGreeting,
    int longestLine,
    boolean sevenBit,
    boolean xforward) {
  public SmtpCaller {
    addresses = List.copyOf(addresses);
  }

  /// Content is sent as it is.
  public SmtpCaller(String hostname, SmtpTimeouts timeouts) {
    this(hostname, timeouts, List.of(), true, 0, false, false);
  }

  /// Content is sent as it is.
  public SmtpCaller(String hostname, Duration connect, Duration command, Duration data) {
    this(hostname, new SmtpTimeouts(connect, command, data));
  }

  /// The same caller with or without XFORWARD.
  public SmtpCaller withXforward(boolean changed) {
    return new SmtpCaller(
        hostname, timeouts, addresses, skip5xxGreeting, longestLine, sevenBit, changed);
  }

  /// The address to call this server from; empty if the operating system chooses.
  Optional<InetAddress> from(Peer peer) {
    boolean six = peer.ip().filter(Inet6Address.class::isInstance).isPresent();
    return addresses.stream().filter(own -> own instanceof Inet6Address == six).findFirst();
  }
}
