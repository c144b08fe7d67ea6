package org.caravanmta.smtp;

import org.caravanmta.message.Envelope;

/// How many recipients one message may have (RFC 5321 §4.5.3.1.8, §4.5.3.1.10).
///
/// @param most beyond which a client is told to send the message again to the others; at most
///   {@link Envelope#MOST_RECIPIENTS}, whatever is set
/// @param overshoot how many more are not errors
public record RecipientLimits(int most, int overshoot) {
  public RecipientLimits {
    if (most < 1) {
      throw new IllegalArgumentException("recipient-limit must be at least 1, was " + most);
    }
    most = Math.min(most, Envelope.MOST_RECIPIENTS);
  }
}
