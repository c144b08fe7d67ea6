package org.caravanmta.headway;

import java.time.Duration;
import java.util.Optional;

/// How an attempt stands at one moment.
///
/// @param counterpart whom it deals with, as {@link Counterpart#name}
/// @param from the address of ours
/// @param tls what was agreed on in TLS
/// @param step what it is doing
/// @param sent bytes of the content that have been sent in this step
/// @param size bytes of the content; 0 when it is not being sent
/// @param age since when the attempt has gone on
/// @param still for how long it has made no progress
/// @param cut how it was ended, when it has not noticed yet
public record Standing(
    String counterpart,
    String from,
    String tls,
    Step step,
    long sent,
    long size,
    Duration age,
    Duration still,
    Optional<Cut> cut) {
  /// The step in words: `sending content, 1024 of 4096 bytes`.
  public String doing() {
    return size > 0 ? step + ", " + sent + " of " + size + " bytes" : step.toString();
  }
}
