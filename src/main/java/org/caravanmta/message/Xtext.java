package org.caravanmta.message;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Text in the printable ASCII that ESMTP parameters are made of (RFC 3461 §4): what cannot stand
/// there, and `+` and `=`, is written as `+` and two hexadecimal digits.
public final class Xtext {
  private Xtext() {}

  public static String encode(String text) {
    var encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > 32 && b < 127 && b != '+' && b != '=';
      encoded.append(plain ? String.valueOf((char) b) : String.format("+%02X", b));
    }
    return encoded.toString();
  }

  /// The text that `xtext` stands for; what is not so written stays as it is.
  public static String decode(String xtext) {
    byte[] bytes = xtext.getBytes(StandardCharsets.UTF_8);
    byte[] plain = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (isEscape(bytes, i)) {
        plain[length++] =
            (byte) (Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
        i += 2;
      } else {
        plain[length++] = bytes[i];
      }
    }
    return new String(plain, 0, length, StandardCharsets.UTF_8);
  }

  /// The same, where only what RFC 3461 allows will do, and characters beyond ASCII for themselves
  /// (RFC 6531 §3.3).
  ///
  /// @return absent when a character may not stand there, or one that is not printable is meant
  public static Optional<String> strict(String xtext) {
    byte[] bytes = xtext.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b >= 0 && b <= 32 || b == 127 || b == '=' || b == '+' && !isEscape(bytes, i)) {
        return Optional.empty();
      }
    }
    return Optional.of(decode(xtext))
        .filter(text -> text.chars().noneMatch(Character::isISOControl))
        .filter(text -> text.indexOf('\ufffd') < 0);
  }

  private static boolean isEscape(byte[] bytes, int at) {
    return bytes[at] == '+'
        && at + 2 < bytes.length
        && Character.digit(bytes[at + 1], 16) >= 0
        && Character.digit(bytes[at + 2], 16) >= 0;
  }
}
