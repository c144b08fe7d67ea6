package org.caravanmta.smtp;

import java.util.Arrays;
import java.util.Optional;
import org.caravanmta.address.Ascii;

/// A service extension that EHLO can name (RFC 5321 §2.2), in the order of its reply.
public enum Extension {
  PIPELINING,
  SIZE,
  VRFY,
  ETRN,
  STARTTLS,
  AUTH,
  XCLIENT,
  XFORWARD,
  ENHANCEDSTATUSCODES,
  EIGHTBITMIME("8BITMIME"),
  DSN,
  SMTPUTF8,
  CHUNKING,
  BINARYMIME,
  LIMITS;

  private final String keyword;

  Extension() {
    this.keyword = name();
  }

  Extension(String keyword) {
    this.keyword = keyword;
  }

  /// The extension of this keyword, in any case; empty if it is not one of ours.
  public static Optional<Extension> of(String keyword) {
    return Arrays.stream(values()).filter(e -> Ascii.same(e.keyword, keyword)).findFirst();
  }

  /// The extension that a line of the reply to EHLO offers.
  public static Optional<Extension> offered(String line) {
    int end = line.indexOf(' ');
    return of(end < 0 ? line : line.substring(0, end));
  }

  /// The keyword.
  @Override
  public String toString() {
    return keyword;
  }
}
