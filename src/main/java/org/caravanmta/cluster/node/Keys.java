package org.caravanmta.cluster.node;

/// The keys of what the nodes write at the lock service, besides those of {@link Place}.
final class Keys {
  private Keys() {}

  /// The journal that a node has now.
  static String journal(String node) {
    return "journal." + node;
  }

  /// How many messages of a node's have been taken over that it does not know of yet.
  static String taken(String node) {
    return "taken." + node;
  }

  /// There while the operator wants a node to take part in nothing.
  static String drained(String node) {
    return "drained." + node;
  }
}
