package org.caravanmta.message;

import java.util.List;
import java.util.Optional;

/// How one kind of value is written into a queue message and read back. Every codec has a tag of
/// its own; the frame around it (version, tag, CRC-32C) is {@link Wire}'s.
public interface Codec<T> {
  /// Told apart by this byte on every queue; never reused for another meaning.
  byte tag();

  Class<T> type();

  void write(T value, WireWriter to);

  /// About how many bytes `value` takes, rather too many than too few: so much room is made at
  /// once.
  default int room(T value) {
    return 1024;
  }

  /// The message that `value` is or is about: selectors and the operator's verbs know a queue
  /// message by its id, sender and so on, and whoever holds it holds its stored content.
  default Optional<Mail> mail(T value) {
    return Optional.empty();
  }

  /// What `value` may be joined with: others whose kin is equal. Empty: each is for itself.
  default Optional<Object> kin(T value) {
    return Optional.empty();
  }

  /// Several of one kin, in the order in which they came, as one.
  default T joined(List<T> kin) {
    throw new UnsupportedOperationException(type().getName() + " has no kin");
  }

  /// @throws Malformed if the bytes are not such a value
  T read(WireReader from);
}
