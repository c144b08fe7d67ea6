package org.caravanmta.state;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// What digests of the quarantine have told of, and when; shared by all servers at the database.
public interface DigestMemory {
  /// When the last digests went out; now, if there were none.
  Instant last(Instant now) throws StateUnavailable;

  /// By what links in digests are known, 32 bytes: made by the first server that asks, the same for
  /// all.
  byte[] secret() throws StateUnavailable;

  /// Claims the digests that are due, for a server that sends them now.
  ///
  /// @param last when the last ones went out
  /// @return whether no other server has claimed them, or has and did not send them since
  boolean claim(Instant last, Instant now) throws StateUnavailable;

  /// Whether the digests are still for the server to send that has claimed them at a time: no other
  /// has taken it for ended.
  boolean holds(Instant last, Instant claimed) throws StateUnavailable;

  /// Notes that they went out.
  void sent(Instant last, Instant now) throws StateUnavailable;

  /// Entries that no digest has told of, the oldest first, by their keys.
  Map<String, Quarantined> untold(int most) throws StateUnavailable;

  /// What filters have rejected, of which digests tell too.
  RejectedMemory rejected();

  /// Links of digests that were followed at another node than the one that has the message.
  FollowedLinks followed();

  /// Notes that these have been told of.
  void told(Set<String> parts) throws StateUnavailable;
}
