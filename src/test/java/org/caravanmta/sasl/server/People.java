package org.caravanmta.sasl.server;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Channels, and the client's side of mechanisms.
final class People {
  static final Map<String, byte[]> BINDINGS = Map.of("tls-exporter", new byte[] {1, 2, 3});

  private People() {}

  static LoginChannel channel(Map<String, byte[]> bindings) {
    return new LoginChannel(InetAddress.getLoopbackAddress(), false, true, bindings);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(LoginStep step) {
    return new String(((LoginStep.Challenge) step).bytes(), StandardCharsets.UTF_8);
  }

  /// Logs in by SCRAM as RFC 5802 §3 says a client does, and checks the server's signature.
  ///
  /// @param header `n,,` or `p=tls-exporter,,`
  static LoginStep scram(
      Exchange exchange, String header, byte[] binding, String user, String password)
      throws Exception {
    String bare = "n=" + user + ",r=rOprNGfwEbeRWgbNEkqO";
    LoginStep first = exchange.next(bytes(header + bare));
    if (!(first instanceof LoginStep.Challenge)) {
      return first;
    }
    String challenge = text(first);
    String[] parts = challenge.split(",", 3);
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    int iterations = Integer.parseInt(parts[2].substring(2));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
            .getEncoded();
    byte[] bound = Arrays.copyOf(bytes(header), header.length() + binding.length);
    System.arraycopy(binding, 0, bound, header.length(), binding.length);
    String last = "c=" + Base64.getEncoder().encodeToString(bound) + "," + parts[0];
    String signed = bare + "," + challenge + "," + last;
    byte[] key = ScramKeys.hmac(salted, "Client Key");
    byte[] stored = MessageDigest.getInstance("SHA-256").digest(key);
    byte[] signature = ScramKeys.hmac(stored, signed);
    for (int i = 0; i < key.length; i++) {
      key[i] ^= signature[i];
    }
    LoginStep answer = exchange.next(bytes(last + ",p=" + Base64.getEncoder().encodeToString(key)));
    if (!(answer instanceof LoginStep.Challenge)) {
      return answer;
    }
    byte[] ours = ScramKeys.hmac(ScramKeys.hmac(salted, "Server Key"), signed);
    if (!text(answer).equals("v=" + Base64.getEncoder().encodeToString(ours))) {
      throw new AssertionError("the server does not know the password: " + text(answer));
    }
    return exchange.next(new byte[0]);
  }
}
