package org.caravanmta.smtp;

import org.caravanmta.address.Ascii;

/// One parameter of MAIL or RCPT (RFC 5321 §4.1.2): `SIZE=1000`, `SMTPUTF8`.
///
/// @param word as given
/// @param keyword in capitals
/// @param value what follows the first `=`; empty if there is none
/// @param bare whether there is no `=`
record Parameter(String word, String keyword, String value, boolean bare) {
  static Parameter of(String word) {
    int equals = word.indexOf('=');
    return new Parameter(
        word,
        Ascii.upper(word.substring(0, equals < 0 ? word.length() : equals)),
        equals < 0 ? "" : word.substring(equals + 1),
        equals < 0);
  }

  /// The reply to a parameter that we do not know (RFC 5321 §4.1.1.11).
  Reply unsupported() {
    return Reply.of(555, "5.5.4", "Unsupported option: " + word);
  }
}
