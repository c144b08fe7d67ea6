package org.caravanmta.cluster.node;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The keys of what the nodes write at the lock service, besides those of {@link Place}.
final class Keys {
  private static final String JOURNAL = "journal.";

  private Keys() {}

  /// The journal that a node has now.
  static String journal(String node) {
    return JOURNAL + node;
  }

  /// The journals of all nodes that there have been, by node.
  ///
  /// @param values all that is written there
  static SortedMap<String, String> journals(Map<String, String> values) {
    var journals = new TreeMap<String, String>();
    values.forEach(
        (key, journal) -> {
          if (key.startsWith(JOURNAL)) {
            journals.put(key.substring(JOURNAL.length()), journal);
          }
        });
    return journals;
  }

  /// How many messages of a node's have been taken over that it does not know of yet.
  static String taken(String node) {
    return "taken." + node;
  }

  /// The journals to which mail of a node has been taken over that it does not know of yet.
  static String takers(String node) {
    return "takers." + node;
  }

  /// There while the operator wants a node to take part in nothing.
  static String drained(String node) {
    return "drained." + node;
  }
}
