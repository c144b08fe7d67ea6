package org.caravanmta.message;

import java.util.List;
import java.util.Optional;

/// Writes values of one type into queue messages, and reads them back. The frame around a value
/// (version, tag, CRC-32C) is that of {@link Wire}.
public interface Codec<T> {
  /// The version that holds all but what has been added to mail since.
  byte USUAL = 4;

  /// The byte that tells this type from others, in every queue. It is never given another meaning.
  byte tag();

  Class<T> type();

  void write(T value, WireWriter to);

  /// How many bytes `value` takes, as an estimate that is rather too high: so many are allocated at
  /// once.
  default int room(T value) {
    return 1024;
  }

  /// The message that `value` is, or is about; absent if there is none. By its id, sender and so on
  /// the operator finds the queue message, which also keeps its stored content alive.
  default Optional<Mail> mail(T value) {
    return Optional.empty();
  }

  /// The version of the encoding in which `value` is written: an older one if that can hold it, so
  /// that a program that knows no newer one still reads it.
  default byte version(T value) {
    return USUAL;
  }

  /// The part of a value that lists show, read without its header section and body; absent if the
  /// value is not about a message.
  ///
  /// @throws Malformed if the bytes are not such a value
  default Optional<Glance> glance(WireReader from) {
    return Optional.empty();
  }

  /// The key by which values may be joined: those whose keys are equal. Absent: `value` stays by
  /// itself.
  default Optional<Object> groupKey(T value) {
    return Optional.empty();
  }

  /// Several values of the same key as one.
  ///
  /// @param values the values in the order in which they came
  default T joined(List<T> values) {
    throw new UnsupportedOperationException(type().getName() + " is not joined");
  }

  /// Reads a value.
  ///
  /// @throws Malformed if the bytes are not such a value
  T read(WireReader from);
}
