package org.caravanmta.mtasts;

import java.time.Instant;

/// A policy that has been read.
///
/// @param id the version that the domain's TXT record had named
/// @param read when it was read
/// @param text as the domain has written it
/// @param policy what the text says
public record KnownPolicy(String id, Instant read, String text, StsPolicy policy) {
  boolean expired(Instant now) {
    return !now.isBefore(read.plus(policy.lifetime()));
  }
}
