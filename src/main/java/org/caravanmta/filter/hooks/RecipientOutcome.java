package org.caravanmta.filter.hooks;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.smtp.Reply;

/// How it stands with one recipient of a message that is being delivered.
///
/// @param attempt how many attempts there have been
/// @param lastReply what the last one was answered with; absent before the first
/// @param nextAttempt when the next is due; absent if there is none
/// @param nextReport when the sender is told next; absent if that is not planned
/// @param queue where the recipient waits; absent if it does not
public record RecipientOutcome(
    HooksAddress recipient,
    State state,
    int attempt,
    Optional<Reply> lastReply,
    Optional<Instant> nextAttempt,
    Optional<Instant> nextReport,
    Optional<String> queue) {
  /// How it stands (draft-degennaro-mta-hooks-01, "Recipient Delivery Status").
  public enum State {
    /// There has been no attempt.
    PENDING,
    /// It has the message.
    DELIVERED,
    /// There will be another attempt.
    DEFERRED,
    /// It will not get the message; the sender is told.
    FAILED,
    /// It will not get the message, and nobody is told.
    FAILED_SILENT;

    /// Its name on the wire.
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<State> of(String word) {
      return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
    }
  }
}
