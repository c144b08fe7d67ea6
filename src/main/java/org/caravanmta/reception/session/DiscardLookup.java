package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.EhloKeywords;

/// The lookup, at EHLO, of the service extensions (RFC 5321 §2.2) that the client is neither
/// offered nor served: those that the operator's tables have for its address (postfix
/// `smtpd_discard_ehlo_keyword_address_maps`), or, without an entry, those of every client.
record DiscardLookup(Dialogue dialogue) {
  /// Looks the client up, and then goes on with `then`. If a table cannot be read, the client is
  /// offered what every client is.
  void ask(Runnable then) {
    DiscardedExtensions discards = dialogue.settings().rules().discards();
    if (discards.byClient().isEmpty()) {
      logAnd(then);
      return;
    }
    var tables = discards.byClient().get();
    Client client = dialogue.state().client();
    dialogue.writer().pause();
    Thread.ofVirtual()
        .name("ehlo")
        .start(
            () -> {
              EhloKeywords found = discards.all();
              try {
                found = tables.apply(client.address()).orElse(found);
              } catch (RuntimeException e) {
                Events.tell(new SessionEvent.Faulted(Optional.empty(), client, e));
              }
              EhloKeywords discarded = found;
              dialogue.carrier().execute(() -> found(discarded, then));
            });
  }

  private void found(EhloKeywords discarded, Runnable then) {
    dialogue.state().discard(discarded);
    if (dialogue.writer().resume()) {
      logAnd(then);
    }
  }

  /// Logs what is discarded, unless the operator wants silence, and goes on.
  private void logAnd(Runnable then) {
    EhloKeywords discarded = dialogue.state().keywords();
    if (!discarded.silent() && !discarded.extensions().isEmpty()) {
      Events.tell(new SessionEvent.KeywordsDiscarded(dialogue.state().client(), discarded));
    }
    then.run();
  }
}
