package org.caravanmta.message;

import java.net.InetSocketAddress;
import java.util.Optional;

/// How a message reached this server: by a connection to a listener, or from this machine.
///
/// @param listener the listener that accepted the connection, `smtp`, `submission`, `submissions`
///   or `reinjection`; for mail without a connection {@link #REPORT}, {@link #POSTED} or {@link
///   #RELAYED}
/// @param server our address and port of the connection; if a declared proxy is in between, those
///   that it has told us; absent without a connection
public record Entrance(String listener, Optional<InetSocketAddress> server) {
  /// A report of our own (RFC 3464).
  public static final String REPORT = "report";

  /// Mail that a program on this machine has posted (postfix `sendmail(1)`).
  public static final String POSTED = "maildrop";

  /// Posted mail that is somebody else's, handed on by a gateway on this machine (postfix `sendmail
  /// -G`).
  public static final String RELAYED = "relayed";

  /// Without a connection.
  public static Entrance by(String listener) {
    return new Entrance(listener, Optional.empty());
  }
}
