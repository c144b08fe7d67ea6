package org.caravanmta.message;

/// Makes the copy of a message that is sent to another server in its place (postfix `generic(5)`,
/// `smtp_header_checks`). The message on the queue stays as it is: the next attempt starts from it
/// again.
@FunctionalInterface
public interface SentCopy {
  sealed interface Made {
    /// @param mail with its recipients in their order; to be {@link SentCopy#release released}
    record Ready(Mail mail) implements Made {}

    /// A table cannot be asked: nothing is sent now.
    record Unavailable(String why) implements Made {}
  }

  Made of(Mail mail);

  /// Whether every copy is the message itself.
  default boolean changesNothing() {
    return false;
  }

  /// Gives up what a copy holds that its message does not.
  default void release(Mail mail, Made.Ready copy) {}
}
