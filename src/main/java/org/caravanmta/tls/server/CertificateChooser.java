package org.caravanmta.tls.server;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.caravanmta.tls.Certificates;
import org.caravanmta.tls.OwnIdentity;
import org.jspecify.annotations.Nullable;

/// Chooses our certificate for each handshake by the name that the client asks for (RFC 6066 §3).
///
/// The JDK first asks for an alias, and later for the key and the chain of that alias. Each
/// identity keeps its alias, so that a handshake does not mix a key and a chain of different
/// versions of the files.
final class CertificateChooser extends X509ExtendedKeyManager {
  /// How many identities are remembered, those of earlier versions of the files included, for
  /// handshakes that are not finished.
  private static final int MOST_IDENTITIES = 1000;

  private final Certificates certificates;
  private final Map<String, OwnIdentity> byAlias = new ConcurrentHashMap<>();
  private final Map<OwnIdentity, String> aliases = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();

  CertificateChooser(Certificates certificates) {
    this.certificates = certificates;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Optional<OwnIdentity> identity = certificates.choose(requestedHost(engine), keyType);
    return identity.map(this::alias).orElse(null);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    OwnIdentity identity = alias == null ? null : byAlias.get(alias);
    return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    OwnIdentity identity = alias == null ? null : byAlias.get(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return certificates.choose(Optional.empty(), keyType).map(this::alias).orElse(null);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return certificates.choose(Optional.empty(), keyType).map(this::alias).stream()
        .toArray(String[]::new);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  /// The alias of an identity, new if it has none.
  private String alias(OwnIdentity identity) {
    if (aliases.size() > MOST_IDENTITIES) {
      aliases.clear();
      byAlias.clear();
    }
    return aliases.computeIfAbsent(
        identity,
        added -> {
          String alias = String.valueOf(count.incrementAndGet());
          byAlias.put(alias, added);
          return alias;
        });
  }

  /// The host name that the client asks for; empty if it asks for none.
  private static Optional<String> requestedHost(SSLEngine engine) {
    if (!(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
      return Optional.empty();
    }
    List<SNIServerName> names = session.getRequestedServerNames();
    return names.stream()
        .filter(SNIHostName.class::isInstance)
        .map(name -> ((SNIHostName) name).getAsciiName())
        .findFirst();
  }
}
