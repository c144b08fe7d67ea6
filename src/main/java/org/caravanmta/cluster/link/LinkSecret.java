package org.caravanmta.cluster.link;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.caravanmta.config.Secret;

/// What the nodes of a cluster prove to one another that they know (RFC 2104, with SHA-256).
///
/// @param cluster the name of the cluster
/// @param node our own
public record LinkSecret(String cluster, String node, Secret secret) {
  static final int NONCE = 32;
  static final int PROOF = 32;

  private static final String HMAC = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  static byte[] nonce() {
    var nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  /// What one side says to the other, so that nobody else can say it, nor say it again.
  ///
  /// @param side `client` or `server`
  /// @param certificate the encoded certificate of the server
  byte[] proof(String side, Greeting greeting, byte[] certificate) {
    try {
      var said = new ByteArrayOutputStream();
      var out = new DataOutputStream(said);
      out.writeUTF(side);
      out.writeUTF(cluster);
      out.writeUTF(greeting.client());
      out.writeUTF(greeting.server());
      out.writeUTF(greeting.purpose());
      out.write(greeting.clientNonce());
      out.write(greeting.serverNonce());
      out.write(certificate);
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.text().getBytes(StandardCharsets.UTF_8), HMAC));
      return mac.doFinal(said.toByteArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a proof cannot be made: " + e.getMessage(), e);
    }
  }

  /// What the two sides have said before they prove it.
  ///
  /// @param client the node that has connected
  /// @param server the node it has connected to
  /// @param purpose what the connection is for
  // the nonces are compared by nobody
  @SuppressWarnings("ArrayRecordComponent")
  record Greeting(
      String client, String server, String purpose, byte[] clientNonce, byte[] serverNonce) {}
}
