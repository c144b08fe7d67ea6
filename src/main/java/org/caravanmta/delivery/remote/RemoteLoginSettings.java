package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.config.Flat;
import org.caravanmta.sasl.client.LoginRules;
import org.caravanmta.sasl.client.MechanismFilter;
import org.caravanmta.sasl.client.SecurityOption;
import org.caravanmta.sasl.token.TokenSettings;
import org.caravanmta.table.TableName;
import org.caravanmta.tls.client.ChannelSecurity;

/// The section `delivery.sasl`: as whom we log in at servers (RFC 4954), and when.
///
/// @param passwords tables of `user:password` by server, next hop or sender (postfix
///   `smtp_sasl_password_maps`); none: no login anywhere
/// @param senderDependent whether the sender is looked up too, and first (postfix
///   `smtp_sender_dependent_authentication`)
/// @param mechanisms see {@link MechanismFilter}
/// @param over how the connection must be protected
/// @param securityOptions see {@link LoginRules#clearOptions}
/// @param tlsSecurityOptions see {@link LoginRules#tlsOptions}
/// @param require see {@link LoginRules#require}
/// @param soft see {@link LoginRules#soft}
/// @param retryRefused how long a refused password is not tried again (postfix
///   `smtp_sasl_auth_cache_time`)
/// @param tokens the access tokens that tables name
public record RemoteLoginSettings(
    List<TableName> passwords,
    boolean senderDependent,
    List<String> mechanisms,
    Over over,
    List<SecurityOption> securityOptions,
    List<SecurityOption> tlsSecurityOptions,
    boolean require,
    boolean soft,
    Duration retryRefused,
    @Flat TokenSettings tokens) {
  /// How a connection must be protected for a login.
  public enum Over {
    /// By TLS with a certificate that was validated.
    VERIFIED,
    /// By TLS.
    TLS,
    /// Not at all.
    ANY
  }

  public RemoteLoginSettings {
    try {
      var _ = new MechanismFilter(mechanisms);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("mechanisms " + e.getMessage(), e);
    }
  }

  LoginRules rules() {
    return new LoginRules(
        new MechanismFilter(mechanisms),
        Set.copyOf(securityOptions),
        Set.copyOf(tlsSecurityOptions),
        switch (over) {
          case VERIFIED -> ChannelSecurity.VERIFIED;
          case TLS -> ChannelSecurity.ENCRYPTED;
          case ANY -> ChannelSecurity.CLEAR;
        },
        require,
        soft);
  }
}
