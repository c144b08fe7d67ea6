package org.caravanmta.delivery.endpoint;

import org.caravanmta.smtp.Attempt;

/// What has come of giving a message to an endpoint: for the message, and for the endpoint, which
/// is left alone for a while when it cannot be reached (RFC 5321 §4.5.4.1).
///
/// @param attempt the outcome for all recipients
record EndpointAnswer(Attempt attempt, Contact contact) {
  /// How it stands with the endpoint.
  enum Contact {
    /// It was there, whatever it said of the message.
    REACHED,
    /// It was not there, or did not answer.
    MISSED,
    /// It was not asked: what has failed is ours.
    UNKNOWN
  }

  static EndpointAnswer reached(Attempt attempt) {
    return new EndpointAnswer(attempt, Contact.REACHED);
  }

  static EndpointAnswer missed(Attempt attempt) {
    return new EndpointAnswer(attempt, Contact.MISSED);
  }

  static EndpointAnswer unknown(Attempt attempt) {
    return new EndpointAnswer(attempt, Contact.UNKNOWN);
  }
}
