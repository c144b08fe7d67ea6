package org.caravanmta.delivery.remote;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;

/// The addresses and the name by which we know our own server when a next hop leads back to it (RFC
/// 5321 §5.1: a host that finds itself among the exchangers must not connect to itself).
///
/// @param hostname the name in our greeting
/// @param listeners the addresses at which we take mail from others by SMTP; a wildcard address
///   stands for every address of this machine
/// @param outside addresses that lead here though this machine does not have them, such as those of
///   a gateway or an address translator (postfix `proxy_interfaces`)
public record Ourselves(
    String hostname, List<InetSocketAddress> listeners, Set<InetAddress> outside) {
  /// The port that other servers send mail to; a container or gateway may forward it to a listener
  /// of ours with another port.
  private static final int SMTP = 25;

  public Ourselves {
    listeners = List.copyOf(listeners);
    outside = Set.copyOf(outside);
  }

  /// Knows no server as our own, for next hops that the operator has named.
  static Ourselves nobody(String hostname) {
    return new Ourselves(hostname, List.of(), Set.of());
  }

  /// Whether an address leads to us.
  boolean is(InetSocketAddress address) {
    if (outside.contains(address.getAddress()) && isOurs(address.getPort())) {
      return true;
    }
    return listeners.stream()
        .anyMatch(
            own ->
                own.getPort() == address.getPort()
                    && (own.getAddress().isAnyLocalAddress()
                        ? local(address.getAddress())
                        : own.getAddress().equals(address.getAddress())));
  }

  /// Whether a server is us by its port and the names it has, though we do not know its address as
  /// ours.
  boolean is(Set<String> names, int port) {
    return isOurs(port) && names.stream().anyMatch(hostname::equalsIgnoreCase);
  }

  /// Whether we take mail from others at a port. The port of a content filter is not one, and the
  /// filter may well have our name.
  private boolean isOurs(int port) {
    return !listeners.isEmpty()
        && (port == SMTP || listeners.stream().anyMatch(own -> own.getPort() == port));
  }

  private static boolean local(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false; // if it is ours, our name in the greeting will tell
    }
  }
}
