package org.caravanmta.smtp.server;

import java.util.HashSet;
import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Extension;

/// Which service extensions (RFC 5321 §2.2) one session's client is not offered, and not served:
/// those that nobody is, and those that the operator's tables have for its address.
final class Offers {
  private final Conduct conduct;
  private final Speech speech;
  private final Carrier carrier;
  private Set<Extension> discarded;

  Offers(Conduct conduct, Speech speech, Carrier carrier) {
    this.conduct = conduct;
    this.speech = speech;
    this.carrier = carrier;
    this.discarded = conduct.discarded();
  }

  Set<Extension> discarded() {
    return discarded;
  }

  boolean lack(Extension extension) {
    return discarded.contains(extension);
  }

  /// Asks the tables about a client that greets, and goes on when they have answered; when they
  /// cannot, it is offered what everybody is.
  void ask(Client client, Runnable then) {
    if (conduct.discardedFor().isEmpty()) {
      then.run();
      return;
    }
    var asked = conduct.discardedFor().get();
    speech.pause();
    Thread.ofVirtual()
        .name("ehlo")
        .start(
            () -> {
              var less = new HashSet<>(conduct.discarded());
              try {
                less.addAll(asked.apply(client.address()));
              } catch (RuntimeException e) {
                SessionLog.fault(null, client, e);
              }
              carrier.execute(
                  () -> {
                    discarded = Set.copyOf(less);
                    if (speech.resume()) {
                      then.run();
                    }
                  });
            });
  }
}
