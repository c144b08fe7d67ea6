package org.caravanmta.cluster.share;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.caravanmta.share.CommonLimit;

/// The order of nodes for one limit, another for each, which every node finds by itself (highest
/// random weight, D. Thaler and C. Ravishankar 1998): when a node goes, only the limits that it
/// owned have another owner.
final class Owners {
  /// A limit that is at least so many times as wide as there are nodes has one place for each that
  /// need not be asked for.
  private static final int WIDE = 4;

  private Owners() {}

  /// The nodes in the order for a limit: the owner first.
  static List<String> of(String key, Collection<String> nodes) {
    return nodes.stream()
        .sorted(
            Comparator.comparingLong((String node) -> weight(key, node))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /// The places of a limit that each node has without asking.
  static int unasked(CommonLimit limit, int nodes) {
    return nodes == 1 ? limit.most() : limit.spaced() || limit.most() / WIDE < nodes ? 0 : 1;
  }

  /// The places that a node has when the owner cannot be asked: of all together just the limit.
  static int even(String key, CommonLimit limit, Collection<String> nodes, String node) {
    int rank = of(key, nodes).indexOf(node);
    int rest = rank >= 0 && rank < limit.most() % nodes.size() ? 1 : 0;
    return limit.most() / nodes.size() + rest;
  }

  private static long weight(String key, String node) {
    long hash = 0xcbf29ce484222325L;
    for (byte octet : (node + '\n' + key).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ octet) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
