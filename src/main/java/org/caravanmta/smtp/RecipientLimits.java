package org.caravanmta.smtp;

import org.caravanmta.message.Envelope;

/// How many recipients one message may have (RFC 5321 §4.5.3.1.8, §4.5.3.1.10; postfix
/// `smtpd_recipient_limit`, `smtpd_recipient_overshoot_limit`).
///
/// @param most after so many a client is told to send the message to the others again; at most
///   {@link Envelope#MOST_RECIPIENTS}, whatever is set
/// @param overshoot how many recipients more do not count as errors of the client
public record RecipientLimits(int most, int overshoot) {
  public RecipientLimits {
    if (most < 1) {
      throw new IllegalArgumentException("recipient-limit must be at least 1, was " + most);
    }
    most = Math.min(most, Envelope.MOST_RECIPIENTS);
  }
}
