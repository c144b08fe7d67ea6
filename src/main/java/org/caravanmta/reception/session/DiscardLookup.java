package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.EhloKeywords;

/// Which service extensions (RFC 5321 §2.2) one session's client is neither offered nor served:
/// those that the operator's tables have for its address, else those that nobody is offered.
record OfferedExtensions(Dialogue dialogue) {
  /// Asks the tables about a client that greets, and goes on when they have answered; when they
  /// cannot, it is offered what everybody else is.
  void ask(Runnable then) {
    DiscardedExtensions discards = dialogue.settings().rules().discards();
    if (discards.some().isEmpty()) {
      told(then);
      return;
    }
    var asked = discards.some().get();
    Client client = dialogue.state().client();
    dialogue.writer().pause();
    Thread.ofVirtual()
        .name("ehlo")
        .start(
            () -> {
              EhloKeywords found = discards.all();
              try {
                found = asked.apply(client.address()).orElse(found);
              } catch (RuntimeException e) {
                Events.tell(new SessionEvent.Faulted(Optional.empty(), client, e));
              }
              EhloKeywords less = found;
              dialogue.carrier().execute(() -> found(less, then));
            });
  }

  private void found(EhloKeywords less, Runnable then) {
    dialogue.state().discard(less);
    if (dialogue.writer().resume()) {
      told(then);
    }
  }

  private void told(Runnable then) {
    EhloKeywords discarded = dialogue.state().keywords();
    if (!discarded.silent() && !discarded.extensions().isEmpty()) {
      Events.tell(new SessionEvent.KeywordsDiscarded(dialogue.state().client(), discarded));
    }
    then.run();
  }
}
