package org.caravanmta.delivery.watch;

import org.caravanmta.headway.Headway;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;

/// One attempt at delivery that is being made.
///
/// @param number counts the attempts of this process, from 1
/// @param mail the message, with the recipients that it is for
/// @param headway how far it has come
record DeliveryTask(long number, Mail mail, Headway headway) {
  /// The name of the transport; empty if the message has none.
  String transport() {
    return mail.envelope().destination().map(Destination::transport).orElse("");
  }

  /// As it may be shown.
  String nextHop() {
    return mail.envelope().destination().map(Destination::nextHop).orElse("");
  }
}
