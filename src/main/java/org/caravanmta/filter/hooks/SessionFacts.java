package org.caravanmta.filter.hooks;

import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Client;

/// What is known of a session while it goes on (RFC 5321 §3).
///
/// @param client what it connects from, has said, and has proved
/// @param hostname the name of this server
/// @param queueId of the message that is being received; absent before there is one
/// @param sender what MAIL has said; absent before it
/// @param recipients what RCPT has said so far; the last is the one that is asked about
public record SessionFacts(
    Client client,
    String hostname,
    Optional<String> queueId,
    Optional<HooksAddress> sender,
    List<HooksAddress> recipients) {
  public SessionFacts {
    recipients = List.copyOf(recipients);
  }
}
