package org.caravanmta.share;

/// The limits that all nodes have in common.
public interface Shares {
  /// For a server that is alone: it has the whole of each limit.
  Shares WHOLE = (_, limit, _) -> new Whole(limit);

  /// Joins a limit.
  ///
  /// @param key the same on each node for the same limit, and different for different ones
  /// @param sharer told when its part becomes another
  Share join(String key, CommonLimit limit, Sharer sharer);
}
