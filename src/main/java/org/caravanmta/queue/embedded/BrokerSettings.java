package org.caravanmta.queue.embedded;

import java.util.Optional;

/// What the embedded broker may take of memory and must leave of the disk, in bytes.
///
/// @param minDiskFree with less than this free, no message is taken from outside; stages go on,
///   because what they deliver makes room, until a quarter of it is left
/// @param memory messages beyond this wait in page files
/// @param door where programs attach; absent for nowhere
public record BrokerSettings(long minDiskFree, long memory, Optional<ProgramDoor> door) {
  public BrokerSettings {
    if (minDiskFree < 0) {
      throw new IllegalArgumentException("min-disk-free must not be negative, was " + minDiskFree);
    }
    if (memory < 16 << 20) {
      throw new IllegalArgumentException("memory must be at least 16 MiB, was " + memory);
    }
  }

  /// An eighth of the heap for messages.
  public static BrokerSettings of(long minDiskFree) {
    return new BrokerSettings(
        minDiskFree, Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8), Optional.empty());
  }

  /// The same with a door for programs.
  public BrokerSettings with(Optional<ProgramDoor> changed) {
    return new BrokerSettings(minDiskFree, memory, changed);
  }
}
