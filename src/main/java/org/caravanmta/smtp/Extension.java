package org.caravanmta.smtp;

import java.util.Arrays;
import java.util.Optional;
import org.caravanmta.address.Ascii;

/// A service extension that the reply to EHLO can offer (RFC 5321 §2.2), in the order of that
/// reply.
public enum Extension {
  /// RFC 2920.
  PIPELINING,
  /// RFC 1870.
  SIZE,
  /// RFC 5321 §4.1.1.6.
  VRFY,
  /// RFC 1985.
  ETRN,
  /// RFC 3207.
  STARTTLS,
  /// RFC 4954.
  AUTH,
  /// Postfix's VERP_README.
  XVERP,
  /// Postfix's XCLIENT_README.
  XCLIENT,
  /// Postfix's XFORWARD_README.
  XFORWARD,
  /// RFC 2034.
  ENHANCEDSTATUSCODES,
  /// RFC 6152.
  EIGHTBITMIME("8BITMIME"),
  /// RFC 3461.
  DSN,
  /// RFC 6531.
  SMTPUTF8,
  /// RFC 3030 §2.
  CHUNKING,
  /// RFC 3030 §3.
  BINARYMIME,
  /// RFC 8689.
  REQUIRETLS,
  /// RFC 9422.
  LIMITS;

  private final String keyword;

  Extension() {
    this.keyword = name();
  }

  Extension(String keyword) {
    this.keyword = keyword;
  }

  /// The extension with this keyword, in any case; empty if we have none.
  public static Optional<Extension> of(String keyword) {
    return Arrays.stream(values()).filter(e -> Ascii.same(e.keyword, keyword)).findFirst();
  }

  /// The extension that a line of our reply to EHLO offers; empty for the first line.
  public static Optional<Extension> offered(String line) {
    int end = line.indexOf(' ');
    return of(end < 0 ? line : line.substring(0, end));
  }

  /// The keyword: `8BITMIME`.
  @Override
  public String toString() {
    return keyword;
  }
}
