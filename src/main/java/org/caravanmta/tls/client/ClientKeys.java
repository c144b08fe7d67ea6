package org.caravanmta.tls.client;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.caravanmta.tls.Certificates;
import org.caravanmta.tls.OwnIdentity;
import org.jspecify.annotations.Nullable;

/// Chooses our certificate for a server that asks for one (RFC 8446 §4.4.2.3): the first of a kind
/// that it takes from an authority that it names, or else the first of such a kind. Without any it
/// gets none, and decides what that means.
final class ClientKeys extends X509ExtendedKeyManager {
  /// How many identities are remembered for handshakes that are not finished.
  private static final int MOST_IDENTITIES = 100;

  private final Optional<Certificates> certificates;
  private final Map<String, OwnIdentity> byAlias = new ConcurrentHashMap<>();

  ClientKeys(Optional<Certificates> certificates) {
    this.certificates = certificates;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    List<OwnIdentity> all = certificates.map(Certificates::all).orElse(List.of());
    for (boolean named : new boolean[] {true, false}) {
      for (String type : keyTypes) {
        for (OwnIdentity each : all) {
          if (isOf(each, type) && (!named || isFrom(each, issuers))) {
            return alias(each);
          }
        }
      }
    }
    return null;
  }

  private static boolean isOf(OwnIdentity identity, String type) {
    String algorithm = identity.key().getAlgorithm();
    return type.equalsIgnoreCase(algorithm)
        || type.equals("RSASSA-PSS") && algorithm.equals("RSA")
        || type.startsWith("EC") && algorithm.startsWith("EC");
  }

  private static boolean isFrom(OwnIdentity identity, Principal @Nullable [] issuers) {
    return issuers != null
        && Arrays.stream(issuers)
            .anyMatch(
                issuer ->
                    identity.chain().stream()
                        .anyMatch(each -> each.getIssuerX500Principal().equals(issuer)));
  }

  private String alias(OwnIdentity identity) {
    for (var known : byAlias.entrySet()) {
      if (known.getValue() == identity) {
        return known.getKey();
      }
    }
    if (byAlias.size() >= MOST_IDENTITIES) {
      byAlias.clear();
    }
    String alias = "own-" + System.identityHashCode(identity) + "-" + byAlias.size();
    byAlias.put(alias, identity);
    return alias;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    OwnIdentity identity = byAlias.get(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    OwnIdentity identity = byAlias.get(alias);
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
