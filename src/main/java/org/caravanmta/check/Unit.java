package org.caravanmta.check;

import org.caravanmta.address.Octets;
import org.caravanmta.mime.MimeStructure;

/// A piece of a message's text that rules are asked about: a header field with its continuation
/// lines (RFC 5322 §2.2.3), or a line of a body. Nothing in it is decoded.
///
/// @param text all of its bytes, as {@link Octets} writes them; line breaks within it are `\n`, and
///   there is none at its end
record Unit(Kind kind, String text) {
  /// The kind of a unit, which says what rules look at it.
  enum Kind {
    /// A field of the message's own header section.
    HEADER,
    /// A MIME field in any header section, or any field of a part's header section (RFC 2045 §3).
    MIME_HEADER,
    /// A field of an attached message's header section (RFC 2046 §5.2.1).
    NESTED_HEADER,
    /// All other text.
    BODY;

    /// Whether units of this kind are fields.
    boolean header() {
      return this != BODY;
    }

    /// The kind of the field that comes next.
    ///
    /// @param name of the field
    /// @param structure the message's, which has been told all that comes before the field
    static Kind of(String name, MimeStructure structure) {
      if (structure.aboutMime(name)) {
        return MIME_HEADER;
      }
      return structure.attached() ? NESTED_HEADER : HEADER;
    }
  }

  /// The unit of the bytes from `from` to `to`.
  static Unit of(Kind kind, byte[] bytes, int from, int to) {
    return new Unit(kind, Octets.text(bytes, from, to));
  }

  /// The unit as the log names it, `header Subject: sale`.
  String named() {
    return (kind.header() ? "header " : "body ") + text;
  }

  /// The bytes as ISO 8859-1: one character for each byte.
  String octets() {
    return Octets.latin1(text);
  }
}
