package org.caravanmta.delivery.remote;

import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.SentCopy;

/// What is given to a mail store or a content filter of the operator's. It stays with us, so that
/// REQUIRETLS, which few of them know, is not asked of them (RFC 8689 §4.2.1 is about relaying).
///
/// @param copies makes the copy otherwise
record NearCopy(SentCopy copies) implements SentCopy {
  @Override
  public Made of(Mail mail) {
    return switch (copies.of(mail)) {
      case Made.Ready(Mail copy) -> new Made.Ready(near(copy));
      case Made.Unavailable unavailable -> unavailable;
    };
  }

  private static Mail near(Mail mail) {
    Envelope envelope = mail.envelope();
    return envelope.parameters().requireTls()
        ? mail.with(envelope.with(envelope.parameters().withoutRequireTls()))
        : mail;
  }

  @Override
  public void release(Mail mail, Made.Ready copy) {
    copies.release(mail, copy);
  }
}
