package org.caravanmta.check;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.caravanmta.mime.Anatomy;

/// A piece of a message's text that rules are asked about: one header field with its continuation
/// lines (RFC 5322 §2.2.3), or one line of a body. Encoded as it came; nothing is decoded.
///
/// @param text line breaks within it as `\n`, none at its end
/// @param charset in which its bytes are this text
record Unit(Kind kind, String text, Charset charset) {
  /// Which rules look at it.
  enum Kind {
    /// A field of the message's own header section.
    HEADER,
    /// A field about MIME anywhere, or any field of a part's header section (RFC 2045 §3).
    MIME_HEADER,
    /// A field of an attached message's header section (RFC 2046 §5.2.1).
    NESTED_HEADER,
    /// All other text.
    BODY;

    boolean header() {
      return this != BODY;
    }

    /// Of a field that comes next.
    static Kind of(String name, Anatomy anatomy) {
      if (anatomy.aboutMime(name)) {
        return MIME_HEADER;
      }
      return anatomy.attached() ? NESTED_HEADER : HEADER;
    }
  }

  /// Bytes that are not UTF-8 are read as ISO 8859-1, one character each.
  static Unit of(Kind kind, byte[] bytes, int from, int to) {
    boolean ascii = true;
    for (int i = from; i < to && ascii; i++) {
      ascii = bytes[i] >= 0;
    }
    if (ascii) {
      return new Unit(
          kind,
          new String(bytes, from, to - from, StandardCharsets.ISO_8859_1),
          StandardCharsets.UTF_8);
    }
    var text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0
        ? new Unit(kind, text, StandardCharsets.UTF_8)
        : new Unit(
            kind,
            new String(bytes, from, to - from, StandardCharsets.ISO_8859_1),
            StandardCharsets.ISO_8859_1);
  }

  /// The bytes of a text that stands beside this one or instead of it.
  byte[] encode(String other) {
    return other.getBytes(charset.newEncoder().canEncode(other) ? charset : StandardCharsets.UTF_8);
  }
}
