package org.caravanmta.cluster.share;

import java.io.IOException;
import java.util.Set;
import org.caravanmta.cluster.link.NodeLink;

/// The nodes that divide limits.
public interface LivingNodes {
  /// The names of those that live, this one included.
  Set<String> living();

  /// Connects to another.
  ///
  /// @throws IOException names it, if it does not answer
  NodeLink open(String node, String purpose) throws IOException;
}
