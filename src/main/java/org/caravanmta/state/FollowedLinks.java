package org.caravanmta.state;

import java.time.Instant;
import java.util.List;

/// Links in digests that were followed at a node of a cluster that does not have the message, until
/// the node that has it has done what they say. Blocking.
public interface FollowedLinks {
  /// Keeps one; the same again is one.
  ///
  /// @param id of the message
  /// @param expires when it is of no use any more
  void keep(String id, String link, Instant expires) throws StateUnavailable;

  /// Those about messages of this node.
  List<String> ours() throws StateUnavailable;

  /// Forgets one that is done.
  void forget(String link) throws StateUnavailable;

  /// Forgets those that have expired, of all nodes.
  void forgetExpired(Instant now) throws StateUnavailable;
}
