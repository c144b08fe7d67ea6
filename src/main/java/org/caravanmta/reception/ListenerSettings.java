package org.caravanmta.reception;

import java.net.InetSocketAddress;
import org.caravanmta.address.Networks;
import org.caravanmta.config.Flat;
import org.caravanmta.tls.CertificateFiles;
import org.caravanmta.tls.server.TlsLevel;

/// A listener of the section `listeners`: where it listens, and whom it takes mail from (RFC 5321
/// §3.1).
///
/// @param enabled whether it listens at all
/// @param tls how much TLS there is (RFC 3207, RFC 8314 §3.3)
/// @param auth whether clients log in here (RFC 4954)
/// @param files its own certificates; without any, those of the section `tls` are shown
/// @param proxies whose connections begin with a PROXY header (postfix
///   `smtpd_upstream_proxy_protocol`); never everybody, since the header says who the client is
public record ListenerSettings(
    boolean enabled,
    InetSocketAddress address,
    TlsLevel tls,
    Auth auth,
    @Flat CertificateFiles files,
    Networks proxies) {
  public ListenerSettings {
    proxies.notEverybody("proxies");
  }

  /// Whether users log in at a listener (RFC 4954 §3).
  public enum Auth {
    /// Nobody can log in.
    NONE,
    /// Users may log in.
    MAY,
    /// Like {@link #REQUIRED} if the section `sasl` knows of users, else like {@link #NONE}.
    USERS,
    /// Without a login no mail is taken, not even from our own networks.
    REQUIRED
  }
}
