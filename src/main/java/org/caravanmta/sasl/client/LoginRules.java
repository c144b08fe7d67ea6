package org.caravanmta.sasl.client;

import java.util.Set;
import org.caravanmta.tls.client.ChannelSecurity;

/// When a login is made, and how a refused one counts.
///
/// @param mechanisms those that may be used
/// @param clearOptions kinds that may not be used without TLS (postfix
///   `smtp_sasl_security_options`)
/// @param tlsOptions kinds that may not be used with it (postfix `smtp_sasl_tls_security_options`)
/// @param over how well the connection must be protected for any login
/// @param require whether a server that offers no login gets no mail
/// @param soft whether a refused login is deferred whatever the server says (postfix
///   `smtp_sasl_auth_soft_bounce`)
public record LoginRules(
    MechanismFilter mechanisms,
    Set<SecurityOption> clearOptions,
    Set<SecurityOption> tlsOptions,
    ChannelSecurity over,
    boolean require,
    boolean soft) {
  public LoginRules {
    clearOptions = Set.copyOf(clearOptions);
    tlsOptions = Set.copyOf(tlsOptions);
  }

  /// Whether a login may be made on such a connection.
  public boolean allow(ChannelSecurity security) {
    return security.compareTo(over) >= 0;
  }

  /// Whether a login is never made in the clear.
  public boolean wantsTls() {
    return over != ChannelSecurity.CLEAR;
  }

  /// Whether a mechanism may be used on such a connection.
  boolean allow(String mechanism, ChannelSecurity security) {
    Set<SecurityOption> options = security == ChannelSecurity.CLEAR ? clearOptions : tlsOptions;
    return mechanisms.allows(mechanism)
        && options.stream().noneMatch(option -> option.forbids(mechanism));
  }
}
