package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.sasl.server.Authenticator;
import org.caravanmta.sasl.server.LoginFailures;
import org.caravanmta.tls.server.ServerTls;
import org.caravanmta.tls.server.TlsLevel;

/// The security of a listener: its TLS (RFC 3207) and its logins (RFC 4954).
///
/// @param level how much TLS there is
/// @param tls absent when there is no certificate
/// @param logins absent when nobody can log in
public record Security(TlsLevel level, Optional<ServerTls> tls, Optional<Logins> logins) {
  /// Bytes of memory that TLS takes in a session.
  private static final int ROOM = 16 * 1024;

  /// No TLS and no logins.
  public static final Security NONE =
      new Security(TlsLevel.NONE, Optional.empty(), Optional.empty());

  public Security {
    if (level.needsCertificate() && tls.isEmpty()) {
      throw new IllegalArgumentException("tls: " + level + " needs tls.certificates");
    }
  }

  /// The logins of a listener.
  ///
  /// @param inClear whether users may log in without TLS
  /// @param required whether mail is taken only after a login, even from our own networks
  /// @param failures counts the failed logins of each client
  public record Logins(
      Authenticator authenticator, boolean inClear, boolean required, LoginFailures failures) {}

  /// Takes the memory that a handshake, and TLS from then on, needs, if there is room.
  public static boolean takeRoom(Holding holding) {
    return holding.grow(Holding.What.TLS, ROOM);
  }

  /// Whether TLS begins with the connection (RFC 8314 §3.3).
  public boolean implicit() {
    return level == TlsLevel.IMPLICIT;
  }

  boolean offersStartTls() {
    return tls.isPresent() && (level == TlsLevel.MAY || level == TlsLevel.ENCRYPT);
  }
}
