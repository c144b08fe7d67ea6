package org.caravanmta.mime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The texts that some bytes may be, by the charset that they are said to be in (RFC 2978) and by
/// what a mail reader takes in its place.
final class Charsets {
  /// In any of these the letters, digits and the dot of a name are those of ASCII, whether we know
  /// the rest or not.
  private static final Pattern LIKE_ASCII =
      Pattern.compile(
          "|(x-)?(iso|cp|ibm-?(437|85|86)|windows|win|mac|koi|euc|gb|big5|shift|sjis|ks|ascii|us-|"
              + "ansi|utf-?8|unicode-1-1-utf-8|unknown|default|user|tis|viscii|latin|l[1-9]|none)"
              + "[a-z0-9_.:-]*|x-unknown");

  private static final byte[] PLAIN = "abcxyzABCXYZ0189.".getBytes(StandardCharsets.US_ASCII);

  private Charsets() {}

  static Set<String> readings(byte[] bytes, String charset, Consumer<String> doubts) {
    var readings = new LinkedHashSet<String>();
    Optional<Charset> known = known(charset);
    known.ifPresent(set -> readings.add(new String(bytes, set)));
    if (known.isEmpty() || !likeAscii(known.get())) {
      readings.add(usual(bytes));
    }
    if (known.isEmpty() && !LIKE_ASCII.matcher(charset.toLowerCase(Locale.ROOT)).matches()) {
      doubts.accept("a name is in a charset that is not known: " + charset);
    }
    return readings;
  }

  /// UTF-8 if it can be that.
  static String usual(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /// The text of which each character has been taken for a byte: UTF-8 if it can be that.
  static String usual(String bytes) {
    boolean plain = true;
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.charAt(i) > 0xff) {
        return bytes;
      }
      plain &= bytes.charAt(i) < 0x80;
    }
    return plain ? bytes : usual(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// One byte for each character if it can be that.
  static byte[] bytes(String text) {
    boolean narrow = text.chars().allMatch(c -> c <= 0xff);
    return text.getBytes(narrow ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  private static boolean likeAscii(Charset charset) {
    return new String(PLAIN, charset).equals(new String(PLAIN, StandardCharsets.US_ASCII));
  }

  private static Optional<Charset> known(String name) {
    try {
      return Optional.of(Charset.forName(name.strip()));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }
}
