package org.caravanmta.smtp.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Who calls, and how patient.
///
/// @param hostname the argument of EHLO and LHLO
/// @param addresses those we call from, at most one of IPv4 and one of IPv6; where there is none,
///   the machine chooses
/// @param passing whether a server that greets us with 5yz is as good as not there (postfix
///   `smtp_skip_5xx_greeting`); otherwise it has refused the message
/// @param longestLine bytes of a line of content (RFC 5321 §4.5.3.1.6): longer ones are broken; 0
///   for any length
/// @param sevenBit whether content of eight bits is converted for a server that does not offer
///   8BITMIME (RFC 6152 §3)
/// @param telling whether a server that offers XFORWARD is told whom we have the message from
public record SmtpCaller(
    String hostname,
    Waits waits,
    List<InetAddress> addresses,
    boolean passing,
    int longestLine,
    boolean sevenBit,
    boolean telling) {
  public SmtpCaller {
    addresses = List.copyOf(addresses);
  }

  /// Content is sent as it is.
  public SmtpCaller(String hostname, Waits waits) {
    this(hostname, waits, List.of(), true, 0, false, false);
  }

  /// Content is sent as it is.
  public SmtpCaller(String hostname, Duration connect, Duration command, Duration data) {
    this(hostname, new Waits(connect, command, data));
  }

  /// One who tells servers whom messages are from, or does not.
  public SmtpCaller telling(boolean tells) {
    return new SmtpCaller(hostname, waits, addresses, passing, longestLine, sevenBit, tells);
  }

  /// Where a connection to that server comes from.
  Optional<InetAddress> from(Peer peer) {
    boolean six = peer.ip().filter(Inet6Address.class::isInstance).isPresent();
    return addresses.stream().filter(own -> own instanceof Inet6Address == six).findFirst();
  }
}
