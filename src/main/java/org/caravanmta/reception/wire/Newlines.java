package org.caravanmta.reception.wire;

/// What becomes of a line that ends with LF alone (RFC 5321 §2.3.8; Postfix:
/// smtpd_forbid_bare_newline). Another server may see lines, and with them messages, where we see
/// none, so that only a client whom the operator trusts is to be read as in {@link #ANY}.
public enum Newlines {
  /// It is a line, and a dot on such a line ends the data.
  ANY,
  /// It is a line, but nothing except CRLF `.` CRLF ends the data.
  NORMALIZED,
  /// Likewise, and the log says so.
  NOTED,
  /// It is refused.
  REFUSED;

  /// Whether it is a line.
  boolean tolerated() {
    return this != REFUSED;
  }
}
