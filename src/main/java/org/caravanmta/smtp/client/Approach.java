package org.caravanmta.smtp.client;

import java.util.Optional;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.tls.client.TlsPolicy;

/// How we come to a server. A connection made one way is never used for a message that must go
/// another.
///
/// @param tls what the server must prove
/// @param wrapped whether TLS begins with the first byte (RFC 8314 §3.3; postfix
///   `smtp_tls_wrappermode`), not by STARTTLS
/// @param login as whom we log in; absent for nobody
/// @param from the address of ours to call from, in place of {@link SmtpCaller#from}; absent for
///   that one
public record Approach(
    TlsPolicy tls, boolean wrapped, Optional<RemoteLogin> login, Optional<Source> from) {
  /// In the clear, as nobody.
  public static final Approach PLAIN =
      new Approach(TlsPolicy.NONE, false, Optional.empty(), Optional.empty());

  /// The argument of EHLO, if it is another than usual.
  Optional<String> helo() {
    return from.flatMap(Source::helo).map(Object::toString);
  }

  /// The same from another address of ours.
  public Approach from(Source other) {
    return new Approach(tls, wrapped, login, Optional.of(other));
  }
}
