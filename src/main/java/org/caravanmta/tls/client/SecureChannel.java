package org.caravanmta.tls.client;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.caravanmta.tls.ChannelBindings;

/// What a server and we have agreed on in a TLS handshake (RFC 8446 §2), and what the server has
/// proved.
///
/// @param protocol the version as Java names it: `TLSv1.3`
/// @param cipher the suite as Java names it: `TLS_AES_256_GCM_SHA384`
/// @param bits the length of its key
/// @param proof what the server has proved
/// @param bindings the channel binding data by type (RFC 5929 §4, RFC 9266 §2); a login bound to
///   them cannot be passed on by somebody in between
public record SecureChannel(
    String protocol, String cipher, int bits, Proof proof, Map<String, byte[]> bindings) {
  static SecureChannel of(SSLSession session, Proof proof) {
    String cipher = session.getCipherSuite();
    return new SecureChannel(
        session.getProtocol(),
        cipher,
        cipher.contains("_AES_128_") ? 128 : 256,
        proof,
        ChannelBindings.of(session, chain(session).stream().findFirst()));
  }

  /// Whether the server is the one that we mean to talk to, and not somebody in between: it has
  /// proved what its policy asks for, or an authority vouches that it is the host that was called.
  public boolean isValidated() {
    return proof.trust() == Trust.VERIFIED || proof.trust() == Trust.TRUSTED && proof.named();
  }

  /// `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`.
  @Override
  public String toString() {
    return protocol + " with cipher " + cipher + " (" + bits + "/" + bits + " bits)";
  }

  /// The certificates that the server has shown, its own first; empty if it has shown none.
  static List<X509Certificate> chain(SSLSession session) {
    try {
      var chain = new ArrayList<X509Certificate>();
      for (Certificate each : session.getPeerCertificates()) {
        chain.add((X509Certificate) each);
      }
      return chain;
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }
}
