package org.caravanmta.message;

import java.net.InetSocketAddress;
import java.util.Optional;

/// The way by which a client came in.
///
/// @param listener the one that took the connection, `smtp`, `submission`, `submissions`,
///   `reinjection`; for what no connection brought `report`, {@link #POSTED}, {@link #RELAYED}
/// @param server our own address and port, or, behind a declared proxy, those that the proxy told
///   us; absent for what no connection brought
public record Entrance(String listener, Optional<InetSocketAddress> server) {
  /// Posted mail (postfix `sendmail`).
  public static final String POSTED = "maildrop";

  /// Posted mail that is another's, handed on by a gateway of ours (postfix `sendmail -G`).
  public static final String RELAYED = "relayed";

  /// By no connection.
  public static Entrance by(String listener) {
    return new Entrance(listener, Optional.empty());
  }
}
