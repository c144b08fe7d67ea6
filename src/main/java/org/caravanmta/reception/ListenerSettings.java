package org.caravanmta.reception;

import java.net.InetSocketAddress;
import org.caravanmta.address.Networks;
import org.caravanmta.config.Flat;
import org.caravanmta.tls.server.CertificateFiles;
import org.caravanmta.tls.server.TlsLevel;

/// One of {@link Listeners}: where it listens, and whom it takes mail from.
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

  /// Whether users log in at a listener.
  public enum Auth {
    NONE,
    MAY,
    /// {@link #REQUIRED} as soon as there are users.
    USERS,
    REQUIRED
  }
}
