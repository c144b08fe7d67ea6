package org.caravanmta.message;

import java.net.InetAddress;

/// The machine that a client connects from (RFC 5321 §2.3.5).
///
/// @param address the address of the peer; of a client behind a declared proxy, the one that the
///   proxy has told us
/// @param port likewise
/// @param name the verified name, which the address points to and which points back; otherwise
///   `unknown`
/// @param reverse what the DNS says of the address
/// @param own whether the address is in one of our own networks (`networks.own`)
public record ClientHost(InetAddress address, int port, String name, Reverse reverse, boolean own) {
  /// A machine whose name the DNS has not been asked for.
  public static ClientHost of(InetAddress address, int port, boolean own) {
    return new ClientHost(address, port, Client.UNKNOWN, Reverse.UNASKED, own);
  }

  /// This machine.
  public static ClientHost here() {
    return new ClientHost(InetAddress.getLoopbackAddress(), 0, "localhost", Reverse.UNASKED, true);
  }

  /// The same machine with what the DNS says of its address, and with that name if it is verified.
  ClientHost named(Reverse found) {
    String verified = found.state() == Reverse.State.VERIFIED ? found.name() : Client.UNKNOWN;
    return new ClientHost(address, port, verified, found, own);
  }
}
