package org.caravanmta.message;

/// Makes the edited copy of a message that is sent to another server in its place (postfix
/// `generic(5)`, `smtp_header_checks`). The message in the queue stays as it is, and the next
/// attempt starts from it again.
@FunctionalInterface
public interface SentCopy {
  /// The copy, or why there is none.
  sealed interface Made {
    /// The copy, which must be {@link SentCopy#release released} once it is no longer needed.
    ///
    /// @param mail has its recipients in the same order as the message
    record Ready(Mail mail) implements Made {}

    /// A table or the content cannot be read, so nothing can be sent now.
    record Unavailable(String why) implements Made {}
  }

  /// Makes the copy of a message.
  Made of(Mail mail);

  /// Whether every copy is the message itself.
  default boolean changesNothing() {
    return false;
  }

  /// Releases stored content that the copy has and its message does not.
  default void release(Mail mail, Made.Ready copy) {}
}
