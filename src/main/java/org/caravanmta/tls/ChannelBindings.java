package org.caravanmta.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// The channel binding data of a TLS session by type (RFC 5929 §4, RFC 9266 §2): a login bound to
/// them cannot be passed on by somebody in between.
public final class ChannelBindings {
  private ChannelBindings() {}

  /// @param server the certificate that the server has shown; absent if none
  public static Map<String, byte[]> of(SSLSession session, Optional<X509Certificate> server) {
    var bindings = new HashMap<String, byte[]>();
    try {
      if (server.isPresent()) {
        Optional<String> hash = hash(server.get().getSigAlgName());
        if (hash.isPresent()) {
          byte[] encoded = server.get().getEncoded();
          bindings.put(
              "tls-server-end-point", MessageDigest.getInstance(hash.get()).digest(encoded));
        }
      }
      // RFC 9266 §2: with TLS 1.2 it needs extended_master_secret, which the JDK does not report
      if (session instanceof ExtendedSSLSession extended
          && session.getProtocol().equals("TLSv1.3")) {
        bindings.put(
            "tls-exporter",
            extended.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32));
      }
    } catch (GeneralSecurityException | SSLException | UnsupportedOperationException e) {
      // a login can still be bound to the others
      return Map.copyOf(bindings);
    }
    return Map.copyOf(bindings);
  }

  /// The hash function of a certificate's signature, but SHA-256 if that is MD5 or SHA-1 (RFC 5929
  /// §4.1); empty for a signature that has no single hash function.
  private static Optional<String> hash(String signature) {
    String name = signature.toUpperCase(Locale.ROOT);
    if (name.startsWith("SHA384")) {
      return Optional.of("SHA-384");
    }
    if (name.startsWith("SHA512")) {
      return Optional.of("SHA-512");
    }
    return name.startsWith("SHA") || name.startsWith("MD5")
        ? Optional.of("SHA-256")
        : Optional.empty();
  }
}
