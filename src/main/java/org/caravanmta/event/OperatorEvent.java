package org.caravanmta.event;

import java.util.Optional;

/// What the operator has done to queued mail by a verb of `caravan queue`, in the words of
/// Postfix's postsuper. Told for each id, and once where all messages, or those of a selector, were
/// meant; not when there was nothing to do it to.
public sealed interface OperatorEvent extends Event {
  /// The message that was named; absent where all were meant.
  Optional<String> id();

  /// How many messages, or parts of the one that was named, it was done to: 1 or more; 0 for what
  /// is not done to messages.
  long messages();

  /// Deleted for good; nobody is told.
  record Deleted(Optional<String> id, long messages) implements OperatorEvent {}

  /// Set aside on the queue `hold`.
  record Held(Optional<String> id, long messages) implements OperatorEvent {}

  /// Given back to routing from the queue `hold` or `dead`.
  record Released(Optional<String> id, long messages) implements OperatorEvent {}

  /// To be returned to its sender before its time.
  record Expired(Optional<String> id, long messages) implements OperatorEvent {}

  /// To be made a new message.
  record Requeued(Optional<String> id, long messages) implements OperatorEvent {}

  /// Given another way. Postfix has no such verb.
  record Rerouted(Optional<String> id, long messages) implements OperatorEvent {}

  /// A destination or a transport to which nothing is sent until it is resumed (postfix
  /// `defer_transports`).
  ///
  /// @param what `transport smtp`, `domain example.org`
  /// @param author the user who has done it
  /// @param why may be empty
  record Suspended(String what, String author, String why) implements OperatorEvent {
    @Override
    public Optional<String> id() {
      return Optional.empty();
    }

    @Override
    public long messages() {
      return 0;
    }
  }

  /// One to which mail is sent again.
  record Resumed(String what, String author) implements OperatorEvent {
    @Override
    public Optional<String> id() {
      return Optional.empty();
    }

    @Override
    public long messages() {
      return 0;
    }
  }

  /// Taken out of its lane to be tried now. Postfix's postqueue says nothing of it.
  record Flushed(Optional<String> id, long messages) implements OperatorEvent {}
}
