package org.caravanmta.sasl.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A hash with a key (HMAC, RFC 2104 §2). For one thread at a time.
final class KeyedHash {
  private final Mac mac;

  /// @param algorithm `HmacSHA256`
  KeyedHash(String algorithm, byte[] key) {
    try {
      mac = Mac.getInstance(algorithm);
      // the key is filled up with zeros anyway, but Java takes no empty one
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] of(byte[] bytes) {
    return mac.doFinal(bytes);
  }

  byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// PBKDF2 with one block, which RFC 5802 §2.2 calls `Hi()`; the key is the password.
  byte[] stretched(byte[] salt, int iterations) {
    byte[] first = Arrays.copyOf(salt, salt.length + 4);
    first[salt.length + 3] = 1;
    byte[] each = of(first);
    byte[] sum = each.clone();
    for (int i = 1; i < iterations; i++) {
      each = of(each);
      for (int at = 0; at < sum.length; at++) {
        sum[at] ^= each[at];
      }
    }
    return sum;
  }
}
