package org.caravanmta.queue.copies;

import java.io.IOException;
import org.caravanmta.cluster.link.NodeLink;

/// A node that may keep our copies.
///
/// @param opening opens connections to it
public record Keeper(String node, Opening opening) {
  /// Opens connections.
  @FunctionalInterface
  public interface Opening {
    /// @param purpose see {@link CopyKeeper}
    NodeLink open(String purpose) throws IOException;
  }
}
