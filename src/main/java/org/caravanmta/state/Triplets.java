package org.caravanmta.state;

import java.time.Instant;
import java.util.Optional;

/// The triplets seen so far. Blocking. Several servers may use the same ones at the same time.
public interface Triplets {
  /// What is known of a triplet and has not expired.
  Optional<Sighting> find(Triplet triplet, Instant now) throws StateUnavailable;

  /// Remembers a sighting: the first one unless another server was first and its one has not
  /// expired, a return in place of the first one.
  ///
  /// @return whether it was news; of servers that see the same at the same time, to one of them
  boolean remember(Triplet triplet, Sighting sighting) throws StateUnavailable;

  /// Forgets triplets that have expired.
  ///
  /// @param most of them at one time, so that nobody waits long for it
  /// @return how many
  int forgetExpired(Instant now, int most) throws StateUnavailable;

  /// How often clients have come back, in the same store.
  ReturningClients returns();

  /// @param first when the triplet's first attempt was
  /// @param returned whether it has come back after the delay
  /// @param expires when it counts as never seen
  record Sighting(Instant first, boolean returned, Instant expires) {}
}
