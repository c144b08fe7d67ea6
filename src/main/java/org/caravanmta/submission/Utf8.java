package org.caravanmta.submission;

import org.caravanmta.address.Octets;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;

/// Whether posted mail is internationalized (RFC 6531): a program cannot say so, as a client of
/// SMTP has to, so that it is seen by what the message has (postfix `smtputf8_autodetect_classes`).
final class Utf8 {
  private Utf8() {}

  /// Whether an address, or a header section, has characters that are not ASCII. Bytes that are not
  /// UTF-8 make no message internationalized (RFC 6532 §3.2).
  static boolean needed(Envelope envelope, Headers headers) {
    return !envelope.isAscii()
        || !headers.isAscii() && !Octets.isMixed(Octets.text(headers.bytes()));
  }

  static Envelope marked(Envelope envelope) {
    return envelope.with(envelope.parameters().withSmtputf8());
  }
}
