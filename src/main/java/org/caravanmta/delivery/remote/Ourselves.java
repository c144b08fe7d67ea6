package org.caravanmta.delivery.remote;

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
/// @param outside addresses that lead here though this machine does not have them: those of a
///   gateway or an address translator (postfix `proxy_interfaces`)
public record Ourselves(
    String hostname, List<InetSocketAddress> listeners, Set<InetAddress> outside) {
  /// The port that others send mail to. Our listener may have another, to which a container or a
  /// gateway forwards this one.
  private static final int SMTP = 25;

  public Ourselves {
    listeners = List.copyOf(listeners);
    outside = Set.copyOf(outside);
  }

  /// No server is ourselves: what the operator has asked for is never us.
  static Ourselves nobody(String hostname) {
    return new Ourselves(hostname, List.of(), Set.of());
  }

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

  /// Whether a server on this port that gives itself these names is us, at an address that we do
  /// not know to be ours.
  boolean is(Set<String> names, int port) {
    return isOurs(port) && names.stream().anyMatch(hostname::equalsIgnoreCase);
  }

  /// Not the port of a content filter next to us, which may well have our name.
  private boolean isOurs(int port) {
    return !listeners.isEmpty()
        && (port == SMTP || listeners.stream().anyMatch(own -> own.getPort() == port));
  }

  private static boolean local(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false; // our greeting will tell
    }
  }
}
