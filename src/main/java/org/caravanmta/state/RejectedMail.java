package org.caravanmta.state;

import java.time.Instant;

/// A message that a content filter has kept from one of its recipients.
///
/// @param sender the reverse path, empty where it is null
/// @param subject decoded, and cut
/// @param filter as the step of the route names it
/// @param why what became of it, and why: `rejected: 554 5.7.1 …`
public record RejectedMail(
    String id,
    String recipient,
    String sender,
    String subject,
    String filter,
    String why,
    Instant since) {}
