package org.caravanmta.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;

/// How we know our own server when a next hop leads back to it (RFC 5321 §5.1: a host that finds
/// itself among the exchangers must not connect to itself).
///
/// @param hostname what our greeting says
/// @param listeners where we take mail from others by SMTP; a wildcard address stands for every
///   address of this machine
public record Ourselves(String hostname, List<InetSocketAddress> listeners) {
  public Ourselves {
    listeners = List.copyOf(listeners);
  }

  boolean is(InetSocketAddress address) {
    return listeners.stream()
        .anyMatch(
            own ->
                own.getPort() == address.getPort()
                    && (own.getAddress().isAnyLocalAddress()
                        ? local(address.getAddress())
                        : own.getAddress().equals(address.getAddress())));
  }

  /// Whether a server on this port that gives itself these names is us, under an address we do not
  /// know of.
  boolean is(Set<String> names, int port) {
    return listeners.stream().anyMatch(own -> own.getPort() == port)
        && names.stream().anyMatch(hostname::equalsIgnoreCase);
  }

  private static boolean local(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false; // our greeting will tell
    }
  }
}
