package org.caravanmta.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What content filters have rejected, until digests have told of it; shared by all servers at the
/// database.
public interface RejectedMemory {
  /// Notes messages, the first of each recipient: no flood fills the database.
  ///
  /// @param most of one recipient
  void note(List<RejectedMail> all, int most) throws StateUnavailable;

  /// What is noted, the oldest first, by its keys.
  Map<Long, RejectedMail> all(int most) throws StateUnavailable;

  /// Forgets what has been told of.
  void forget(Set<Long> keys) throws StateUnavailable;

  /// Forgets what is from before then, which nobody was told of in time.
  void forgetBefore(Instant then) throws StateUnavailable;
}
