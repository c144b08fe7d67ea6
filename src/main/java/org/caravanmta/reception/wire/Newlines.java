package org.caravanmta.reception.wire;

/// A rule for lines that end with LF alone, against RFC 5321 §2.3.8 (postfix
/// `smtpd_forbid_bare_newline`). Where servers differ in what ends the data, a message can be
/// smuggled in another (CVE-2023-51764), so only clients whom the operator trusts should be read as
/// {@link #ANY}.
public enum Newlines {
  /// LF ends a line, and a dot on such a line ends the data.
  ANY,
  /// LF ends a line, but only CRLF `.` CRLF ends the data.
  NORMALIZED,
  /// Like {@link #NORMALIZED}, and the log notes it once for each session.
  NOTED,
  /// A command line or message with such a line is refused.
  REFUSED;

  /// Whether LF alone ends a line.
  boolean tolerated() {
    return this != REFUSED;
  }
}
