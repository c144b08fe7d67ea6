package org.caravanmta.filter.hooks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.caravanmta.filter.contract.Examined;

/// What is known of a message while it is being delivered.
///
/// @param hostname the name of this server
/// @param attempts how many attempts there have been to deliver any of it
/// @param expires when it is given up; absent if that is not known
/// @param message what is delivered; at {@link HooksStage#DSN} the report that is about to be sent;
///   absent if the service is not to see it
public record OutboundFacts(
    String queueId,
    String hostname,
    HooksAddress sender,
    List<RecipientOutcome> recipients,
    int attempts,
    Optional<Instant> expires,
    Optional<Examined> message) {
  public OutboundFacts {
    recipients = List.copyOf(recipients);
  }
}
