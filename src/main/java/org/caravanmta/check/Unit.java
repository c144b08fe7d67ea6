package org.caravanmta.check;

import org.caravanmta.address.Octets;
import org.caravanmta.mime.MimeStructure;

/// A piece of a message's text that rules are asked about: one header field with its continuation
/// lines (RFC 5322 §2.2.3), or one line of a body. Encoded as it came; nothing is decoded.
///
/// @param text all of its bytes, as {@link Octets} has them; line breaks within it as `\n`, none at
///   its end
record Unit(Kind kind, String text) {
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
    static Kind of(String name, MimeStructure anatomy) {
      if (anatomy.aboutMime(name)) {
        return MIME_HEADER;
      }
      return anatomy.attached() ? NESTED_HEADER : HEADER;
    }
  }

  static Unit of(Kind kind, byte[] bytes, int from, int to) {
    return new Unit(kind, Octets.text(bytes, from, to));
  }

  /// With what it is, `header Subject: sale`.
  String named() {
    return (kind.header() ? "header " : "body ") + text;
  }

  /// One character for each byte.
  String octets() {
    return Octets.latin1(text);
  }
}
