package org.caravanmta.reception.limits;

import org.caravanmta.config.Size;

/// The section `limits.memory`: how much memory all sessions together may hold (RFC 5321 §4.5.3).
///
/// @param sessions the limit; 0 means a quarter of the Java heap
public record MemorySettings(Size sessions) {
  /// The least limit in bytes: with less, hardly any session would get enough.
  private static final long LEAST = 64 * 1024;

  public MemorySettings {
    if (sessions.bytes() != 0 && sessions.bytes() < LEAST) {
      throw new IllegalArgumentException("sessions must be 0 or at least 64KiB, was " + sessions);
    }
  }
}
