package org.caravanmta.queue.admin;

import java.util.Optional;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Task;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Received;

/// Gives mail another way, which routing takes from now on, whatever the tables say.
///
/// @param instead the transport and the next hop; an empty next hop is the domain of each recipient
/// @param queue where the mail goes
record Rerouting(Codecs codecs, NamedTransport instead, String queue) {
  /// What is not mail stays as it is.
  Frame of(Received received) {
    try {
      if (codecs.decode(received.bytes()) instanceof Mail mail) {
        var envelope = mail.envelope().through(Optional.of(NamedTransport.rerouted(instead)));
        return Frame.of(new Task(queue, mail.with(envelope)), codecs, true);
      }
    } catch (Malformed e) {
      // routing will set it aside, with the reason
    }
    return received.on(queue);
  }
}
