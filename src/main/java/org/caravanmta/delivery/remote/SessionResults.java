package org.caravanmta.delivery.remote;

import java.util.Optional;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpDialogue;

/// Says what a session with a server has come to for a recipient, with what the log tells of the
/// session.
record SessionResults(Protocol protocol) {
  RecipientResult of(Recipient recipient, Attempt attempt, SmtpDialogue dialogue) {
    return new RecipientResult(
        recipient,
        attempt,
        dialogue.peer().toString(),
        dialogue.uses(),
        success(dialogue),
        dialogue.approach().tls().shown(dialogue.channel().isPresent()));
  }

  private Optional<Notice.Action> success(SmtpDialogue dialogue) {
    if (dialogue.capabilities().dsn()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (protocol) {
          case SMTP -> Notice.Action.RELAYED;
          case LMTP -> Notice.Action.DELIVERED;
        });
  }
}
