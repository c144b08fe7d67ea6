package org.caravanmta.reception.limits;

import org.caravanmta.config.Size;

/// The section `limits.memory`: what many clients together may have, each within its limits.
///
/// @param sessions bytes that all sessions may hold; 0 is a part of the Java heap
public record MemorySettings(Size sessions) {
  /// Less serves hardly anybody.
  private static final long LEAST = 64 * 1024;

  public MemorySettings {
    if (sessions.bytes() != 0 && sessions.bytes() < LEAST) {
      throw new IllegalArgumentException("sessions must be 0 or at least 64KiB, was " + sessions);
    }
  }
}
