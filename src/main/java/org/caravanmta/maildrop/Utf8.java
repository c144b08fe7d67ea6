package org.caravanmta.maildrop;

import org.caravanmta.address.Octets;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Parameters;

/// Whether posted mail is internationalized (RFC 6531): a program cannot say so, as a client of
/// SMTP has to, so that it is seen by what the message has (postfix `smtputf8_autodetect_classes`).
final class Utf8 {
  private Utf8() {}

  /// Whether an address, or a header section, has characters that are not ASCII. Bytes that are not
  /// UTF-8 make no message internationalized (RFC 6532 §3.2).
  static boolean needed(Envelope envelope, Headers headers) {
    if (envelope.reversePath() instanceof ReversePath.Mailbox(var sender) && !sender.isAscii()
        || envelope.recipients().stream().anyMatch(one -> !one.address().isAscii())) {
      return true;
    }
    for (byte b : headers.bytes()) {
      if (b < 0) {
        return !Octets.isMixed(Octets.text(headers.bytes()));
      }
    }
    return false;
  }

  static Envelope marked(Envelope envelope) {
    Parameters given = envelope.parameters();
    return new Envelope(
        envelope.id(),
        envelope.reversePath(),
        envelope.recipients(),
        envelope.client(),
        new Parameters(given.body(), true, given.ret(), given.envid()),
        envelope.arrived(),
        envelope.progress(),
        envelope.hop(),
        envelope.filter());
  }
}
