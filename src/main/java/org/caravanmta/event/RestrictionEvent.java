package org.caravanmta.event;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;

/// What restrictions do other than refuse (postfix `access(5)`), in the words of Postfix's smtpd; a
/// refusal is told by the session that gives it.
public sealed interface RestrictionEvent extends Event {
  /// A restriction says, or orders, something about what is asked: `warn: RCPT from`.
  ///
  /// @param id the message's, empty if it has none yet
  /// @param word `reject_warning`, `warn`, `info`, `hold`, `discard`, `redirect`, `bcc`, …
  /// @param step of the dialogue, `RCPT`
  record Noted(
      String id,
      String word,
      String step,
      Client client,
      ReversePath sender,
      Optional<Address> recipient,
      String text)
      implements RestrictionEvent {}

  /// A restriction could not tell, because a table or a server does not answer, or is set up badly.
  record Undecided(String what) implements RestrictionEvent {}
}
