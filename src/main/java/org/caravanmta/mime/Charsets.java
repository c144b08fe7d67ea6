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

/// Decodes bytes to the texts that they may be: by the charset that they are declared to be in (a
/// name of RFC 2978), and by the one that a mail reader uses instead.
final class Charsets {
  /// Names of charsets, known to Java or not, in which the letters, digits and the dot of a file
  /// name are the same bytes as in ASCII. The empty name is one of them.
  private static final Pattern LIKE_ASCII =
      Pattern.compile(
          "|(x-)?(iso|cp|ibm-?(437|85|86)|windows|win|mac|koi|euc|gb|big5|shift|sjis|ks|ascii|us-|"
              + "ansi|utf-?8|unicode-1-1-utf-8|unknown|default|user|tis|viscii|latin|l[1-9]|none)"
              + "[a-z0-9_.:-]*|x-unknown");

  /// The characters by which {@link #likeAscii} tells whether a charset is compatible with ASCII.
  private static final byte[] PLAIN = "abcxyzABCXYZ0189.".getBytes(StandardCharsets.US_ASCII);

  private Charsets() {}

  /// @param charset as declared; empty if none is
  /// @param doubts told of a charset that neither Java nor {@link #LIKE_ASCII} knows
  /// @return at least one text, the declared charset's first
  static Set<String> readings(byte[] bytes, String charset, Consumer<String> doubts) {
    var readings = new LinkedHashSet<String>();
    Optional<Charset> known = known(charset);
    known.ifPresent(set -> readings.add(new String(bytes, set)));
    if (known.isEmpty() || !likeAscii(known.get())) {
      readings.add(utf8OrLatin1(bytes));
    }
    if (known.isEmpty() && !LIKE_ASCII.matcher(charset.toLowerCase(Locale.ROOT)).matches()) {
      doubts.accept("a name is in a charset that is not known: " + charset);
    }
    return readings;
  }

  /// Decodes as UTF-8, or as ISO 8859-1 what is not valid UTF-8.
  static String utf8OrLatin1(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /// Decodes a text that has one character for each byte, as {@link #utf8OrLatin1(byte[])} does. A
  /// text that has a character above U+00FF has already been decoded and is returned as it is.
  static String utf8OrLatin1(String bytes) {
    boolean plain = true;
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.charAt(i) > 0xff) {
        return bytes;
      }
      plain &= bytes.charAt(i) < 0x80;
    }
    return plain ? bytes : utf8OrLatin1(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Encodes in ISO 8859-1, one byte for each character, if every character fits; otherwise in
  /// UTF-8.
  static byte[] bytes(String text) {
    boolean narrow = text.chars().allMatch(c -> c <= 0xff);
    return text.getBytes(narrow ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  /// Whether a charset has the bytes of ASCII for the letters, digits and dot of a file name.
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
