package org.caravanmta.delivery.shaping;

/// Connections that are kept open for a next message. A server counts them too.
@FunctionalInterface
public interface IdleConnections {
  /// Closes those with the servers of a rule that are more than `most`, the oldest first.
  ///
  /// @return how many are kept
  int trim(ShapingRule rule, int most);
}
