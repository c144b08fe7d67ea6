package org.caravanmta.peers;

/// How a server ends a connection without a word of SMTP.
public enum Farewell {
  /// It ends TLS, and leaves the connection below open (RFC 8446 §6.1).
  CLOSE_NOTIFY,
  /// It ends its side of the connection, as it does when its process ends.
  FIN,
  /// It resets the connection, as it does after a restart of its machine.
  RST
}
