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
/// @param failed whether the recipient has failed for good, and the sender has not been told yet
///   (Postfix: `bounce_reason`)
public record QueuedRecipient(
    String address,
    Optional<String> original,
    Optional<String> status,
    String reason,
    boolean failed) {
  static QueuedRecipient of(Recipient recipient, boolean failed) {
    return new QueuedRecipient(
        recipient.address().toString(),
        Optional.of(recipient.original())
            .filter(original -> !original.equals(recipient.address()))
            .map(Object::toString),
        recipient.last().map(last -> last.status().toString()),
        recipient.last().map(Reason::text).orElse(""),
        failed);
  }

  /// Whether both wait, or have failed, for the same reason.
  public boolean hasReasonOf(QueuedRecipient other) {
    return status.equals(other.status) && reason.equals(other.reason);
  }

  List<String> fields() {
    return List.of(
        address, original.orElse(""), status.orElse(""), reason, Boolean.toString(failed));
  }

  static QueuedRecipient of(RowFields fields) throws IOException {
    return new QueuedRecipient(
        fields.text(), fields.optional(), fields.optional(), fields.text(), fields.flag());
  }
}
