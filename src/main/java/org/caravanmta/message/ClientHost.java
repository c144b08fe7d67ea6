package org.caravanmta.message;

import java.net.InetAddress;

/// The machine that a client connects from (RFC 5321 §2.3.5).
///
/// @param address the peer's; behind a declared proxy, the one that the proxy told us
/// @param name the verified name (address → name → the same address), else `unknown`
/// @param reverse what the DNS says of the address
/// @param own whether the address is in `networks.own`
public record ClientHost(InetAddress address, int port, String name, Reverse reverse, boolean own) {
  /// For whose name nobody has asked.
  public static ClientHost of(InetAddress address, int port, boolean own) {
    return new ClientHost(address, port, Client.UNKNOWN, Reverse.UNASKED, own);
  }

  /// This machine.
  public static ClientHost here() {
    return new ClientHost(InetAddress.getLoopbackAddress(), 0, "localhost", Reverse.UNASKED, true);
  }

  /// The same machine, by the name that the DNS has for it.
  ClientHost named(Reverse found) {
    String verified = found.state() == Reverse.State.VERIFIED ? found.name() : Client.UNKNOWN;
    return new ClientHost(address, port, verified, found, own);
  }
}
