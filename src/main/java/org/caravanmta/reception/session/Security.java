package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.sasl.server.Authenticator;
import org.caravanmta.sasl.server.Failures;
import org.caravanmta.tls.server.ServerTls;
import org.caravanmta.tls.server.TlsLevel;

/// How a listener is secured: its TLS (RFC 3207) and its logins (RFC 4954).
///
/// @param level how much TLS there is
/// @param tls absent when there is no certificate
/// @param logins absent when nobody can log in
public record Security(TlsLevel level, Optional<ServerTls> tls, Optional<Logins> logins) {
  /// Bytes of memory that TLS needs for a session.
  private static final int ROOM = 16 * 1024;

  /// No TLS and no logins.
  public static final Security NONE =
      new Security(TlsLevel.NONE, Optional.empty(), Optional.empty());

  public Security {
    if (level.needsCertificate() && tls.isEmpty()) {
      throw new IllegalArgumentException("tls: " + level + " needs tls.certificates");
    }
  }

  /// How users log in at a listener.
  ///
  /// @param inClear whether they may without TLS
  /// @param required whether clients in own networks have to as well
  /// @param failures counts failed logins of each client
  public record Logins(
      Authenticator authenticator, boolean inClear, boolean required, Failures failures) {}

  /// Whether there is memory for a handshake, and for what TLS needs from then on; it is taken.
  public static boolean hasRoom(Holding holding) {
    return holding.grow(Holding.What.TLS, ROOM);
  }

  public boolean implicit() {
    return level == TlsLevel.IMPLICIT;
  }

  boolean offersStartTls() {
    return tls.isPresent() && (level == TlsLevel.MAY || level == TlsLevel.ENCRYPT);
  }
}
