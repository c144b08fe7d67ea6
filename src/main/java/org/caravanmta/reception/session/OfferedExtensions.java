package org.caravanmta.reception.session;

import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Keywords;

/// Which service extensions (RFC 5321 §2.2) one session's client is neither offered nor served:
/// those that the operator's tables have for its address, else those that nobody is offered.
final class OfferedExtensions {
  private final DiscardedExtensions discards;
  private final ReplyWriter speech;
  private final Carrier carrier;
  private Keywords discarded;

  OfferedExtensions(DiscardedExtensions discards, ReplyWriter speech, Carrier carrier) {
    this.discards = discards;
    this.speech = speech;
    this.carrier = carrier;
    this.discarded = discards.all();
  }

  Set<Extension> discarded() {
    return discarded.extensions();
  }

  boolean lack(Extension extension) {
    return discarded.extensions().contains(extension);
  }

  /// Asks the tables about a client that greets, and goes on when they have answered; when they
  /// cannot, it is offered what everybody else is.
  void ask(Client client, Runnable then) {
    if (discards.some().isEmpty()) {
      told(client, then);
      return;
    }
    var asked = discards.some().get();
    speech.pause();
    Thread.ofVirtual()
        .name("ehlo")
        .start(
            () -> {
              Keywords found = discards.all();
              try {
                found = asked.apply(client.address()).orElse(found);
              } catch (RuntimeException e) {
                SessionLog.fault(null, client, e);
              }
              Keywords less = found;
              carrier.execute(
                  () -> {
                    discarded = less;
                    if (speech.resume()) {
                      told(client, then);
                    }
                  });
            });
  }

  private void told(Client client, Runnable then) {
    if (!discarded.silent() && !discarded.extensions().isEmpty()) {
      SessionLog.discarding(client, discarded);
    }
    then.run();
  }
}
