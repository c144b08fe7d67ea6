package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;

/// One recipient of a queued message, as the operator is told of it.
///
/// @param original the address that the client gave, where rewriting has made another of it
/// @param status of the last attempt (RFC 3463), where there was one
/// @param reason in words, where there is a status
public record QueuedRecipient(
    String address, Optional<String> original, Optional<String> status, String reason) {
  static QueuedRecipient of(Recipient recipient) {
    return new QueuedRecipient(
        recipient.address().toString(),
        Optional.of(recipient.original())
            .filter(original -> !original.equals(recipient.address()))
            .map(Object::toString),
        recipient.last().map(last -> last.status().toString()),
        recipient.last().map(Reason::text).orElse(""));
  }

  /// Whether both wait, or have failed, for the same reason.
  public boolean hasReasonOf(QueuedRecipient other) {
    return status.equals(other.status) && reason.equals(other.reason);
  }

  List<String> fields() {
    return List.of(address, original.orElse(""), status.orElse(""), reason);
  }

  static QueuedRecipient of(RowFields fields) throws IOException {
    return new QueuedRecipient(fields.text(), fields.optional(), fields.optional(), fields.text());
  }
}
