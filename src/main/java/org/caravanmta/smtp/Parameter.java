package org.caravanmta.smtp;

import org.caravanmta.address.Ascii;

/// One ESMTP parameter (RFC 5321 §4.1.2): `SIZE=1000`, `SMTPUTF8`.
///
/// @param word as given
/// @param keyword in upper case
/// @param value what stands after the first `=`; empty without one
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

  Reply unsupported() {
    return Reply.of(555, "5.5.4", "Unsupported option: " + word);
  }
}
