package org.caravanmta.message;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The encoding xtext, which makes any text fit for an ESMTP parameter (RFC 3461 §4): bytes that
/// are not printable ASCII, and `+` and `=`, are written as `+` and two hexadecimal digits.
public final class Xtext {
  private Xtext() {}

  /// Encodes a text, whose characters that are not ASCII are in UTF-8.
  public static String encode(String text) {
    var encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > 32 && b < 127 && b != '+' && b != '=';
      encoded.append(plain ? String.valueOf((char) b) : String.format("+%02X", b));
    }
    return encoded.toString();
  }

  /// Decodes `xtext`; whatever is not encoded correctly stays as it is.
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

  /// Decodes `xtext` as RFC 3461 §4 allows it; characters that are not ASCII need not be encoded
  /// (RFC 6531 §3.3).
  ///
  /// @return absent if a character is not allowed, or if a decoded one is not printable
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
