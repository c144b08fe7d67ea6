package org.caravanmta.state;

import java.time.Instant;
import java.util.Optional;

/// How often clients have come back, by their network (RFC 6647 §2.4): who has again and again is a
/// mail server. Blocking. Several servers may use the same ones at the same time.
public interface ReturningClients {
  /// What is known of a network and has not expired.
  Optional<Known> find(String network, Instant now) throws StateUnavailable;

  /// One triplet of it more has come back.
  ///
  /// @param expires when it counts as never seen, unless it comes back
  void count(String network, Instant now, Instant expires) throws StateUnavailable;

  /// It is still in use.
  void keep(String network, Instant expires) throws StateUnavailable;

  /// Forgets networks that have expired.
  ///
  /// @param most of them at one time, so that nobody waits long for it
  /// @return how many
  int forgetExpired(Instant now, int most) throws StateUnavailable;

  /// @param times triplets that have come back
  /// @param expires when the network counts as never seen
  record Known(int times, Instant expires) {}
}
