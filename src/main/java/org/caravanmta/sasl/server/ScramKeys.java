package org.caravanmta.sasl.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// The keys that a server keeps in place of a password for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677
/// §3).
///
/// @param iterations how often the password was hashed
/// @param salt hashed with the password
/// @param storedKey checks the client's proof, 32 bytes
/// @param serverKey makes our own signature, 32 bytes
public record ScramKeys(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
  /// The least that new keys should have (RFC 7677 §4).
  static final int LEAST_ITERATIONS = 4096;

  /// Far more than anybody uses: a client that logs in has to do them all.
  private static final int MOST_ITERATIONS = 10_000_000;

  /// The length of a SHA-256 hash.
  private static final int BYTES = 32;

  /// Reads keys in the notation of Dovecot: `iterations,salt,stored key,server key`, the last three
  /// in base64.
  ///
  /// @throws IllegalArgumentException says what is wrong
  static ScramKeys parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 4 || !parts[0].matches("\\d{1,8}")) {
      throw new IllegalArgumentException("it is not iterations,salt,stored key,server key");
    }
    int iterations = Integer.parseInt(parts[0]);
    var base64 = Base64.getDecoder();
    var keys =
        new ScramKeys(
            iterations, base64.decode(parts[1]), base64.decode(parts[2]), base64.decode(parts[3]));
    if (iterations < 1
        || iterations > MOST_ITERATIONS
        || keys.storedKey.length != BYTES
        || keys.serverKey.length != BYTES) {
      throw new IllegalArgumentException("it has impossible iterations or keys");
    }
    return keys;
  }

  /// Makes the keys of a password.
  static ScramKeys of(String password, byte[] salt, int iterations) {
    byte[] salted = salted(password, salt, iterations);
    return new ScramKeys(
        iterations, salt, sha256(hmac(salted, "Client Key")), hmac(salted, "Server Key"));
  }

  /// Whether these are the keys of the password.
  boolean matches(String password) {
    byte[] salted = salted(password, salt, iterations);
    return MessageDigest.isEqual(storedKey, sha256(hmac(salted, "Client Key")));
  }

  /// Whether the client's proof is right (RFC 5802 §3).
  ///
  /// @param message the AuthMessage: all messages that the proof covers
  boolean proves(byte[] proof, String message) {
    byte[] key = hmac(storedKey, message);
    if (proof.length != key.length) {
      return false;
    }
    for (int i = 0; i < key.length; i++) {
      key[i] ^= proof[i];
    }
    return MessageDigest.isEqual(storedKey, sha256(key));
  }

  /// Our own signature, which proves that we have the keys.
  byte[] signature(String message) {
    return hmac(serverKey, message);
  }

  /// The SaltedPassword of RFC 5802 §3.
  private static byte[] salted(String password, byte[] salt, int iterations) {
    // of SASLprep only the normalization (RFC 4013 §2.2)
    char[] prepared = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
    try {
      // Java makes no key of an empty password, which no user may have
      return prepared.length == 0
          ? new byte[BYTES]
          : SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(prepared, salt, iterations, BYTES * 8))
              .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
