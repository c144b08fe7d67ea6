package org.caravanmta.smtp;

import org.caravanmta.address.Ascii;

/// The word that a command begins with (RFC 5321 §4.1.1), in the order in which the log line at the
/// end of a session counts them.
public enum Verb {
  /// RFC 5321 §4.1.1.1, as all older clients have it.
  HELO,
  /// RFC 5321 §4.1.1.1.
  EHLO,
  /// RFC 3207.
  STARTTLS,
  /// RFC 4954.
  AUTH,
  /// RFC 5321 §4.1.1.2.
  MAIL,
  /// RFC 5321 §4.1.1.3.
  RCPT,
  /// RFC 5321 §4.1.1.4.
  DATA,
  /// RFC 3030 §2.
  BDAT,
  /// Postfix's XCLIENT_README.
  XCLIENT,
  /// Postfix's XFORWARD_README.
  XFORWARD,
  /// RFC 5321 §4.1.1.5.
  RSET,
  /// RFC 5321 §4.1.1.9.
  NOOP,
  /// RFC 5321 §4.1.1.6.
  VRFY,
  /// RFC 5321 §4.1.1.7; not implemented.
  EXPN,
  /// RFC 1985.
  ETRN,
  /// RFC 5321 §4.1.1.8.
  HELP,
  /// RFC 5321 §4.1.1.10.
  QUIT,
  /// Any other word.
  UNKNOWN;

  /// The verb, in any case; {@link #UNKNOWN} if it is not one.
  static Verb of(String word) {
    String name = Ascii.upper(word);
    for (Verb verb : values()) {
      if (verb != UNKNOWN && verb.name().equals(name)) {
        return verb;
      }
    }
    return UNKNOWN;
  }

  /// Whether it must be the last of a group of pipelined commands (RFC 2920 §3.1).
  public boolean endsGroup() {
    return switch (this) {
      case HELO, EHLO, STARTTLS, AUTH, DATA, NOOP, VRFY, EXPN, XCLIENT -> true;
      case MAIL, RCPT, BDAT, RSET, ETRN, HELP, QUIT, XFORWARD, UNKNOWN -> false;
    };
  }

  /// Whether it does nothing for any message, so that a session may not repeat it without end
  /// (postfix `smtpd_junk_command_limit`).
  public boolean isJunk() {
    return switch (this) {
      case HELO, EHLO, RSET, NOOP, VRFY, EXPN, ETRN, HELP -> true;
      case STARTTLS, AUTH, MAIL, RCPT, DATA, BDAT, QUIT, XCLIENT, XFORWARD, UNKNOWN -> false;
    };
  }
}
