package org.caravanmta.cluster.node;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;

/// The nodes, each with its journal, that have taken over mail of one node since it was last there,
/// as it is written at the lock service: `n2/JOURNAL,n3/JOURNAL`.
final class Takers {
  private Takers() {}

  /// Notes that another is about to.
  static void add(LockService locks, String node, String taker, String journal)
      throws LocksUnavailable, InterruptedException {
    String one = taker + "/" + journal;
    List<String> before = of(locks, node);
    if (!before.contains(one)) {
      locks
          .values()
          .set(
              Keys.takers(node),
              String.join(",", Stream.concat(before.stream(), Stream.of(one)).toList()));
    }
  }

  /// Whether nobody will ever say what they have taken over: those journals are no more, and no
  /// other node has copies of them that are not on its queues.
  ///
  /// @return false if it is not known who they are
  static boolean areGone(LockService locks, String node)
      throws LocksUnavailable, InterruptedException {
    List<String> takers = of(locks, node);
    for (String taker : takers) {
      String name = taker.substring(0, taker.indexOf('/'));
      String journal = taker.substring(name.length() + 1);
      boolean there =
          locks.values().get(Keys.journal(name)).filter(journal::equals).isPresent()
              || locks.values().get(Place.key(name, journal)).isPresent();
      if (there) {
        return false;
      }
    }
    return !takers.isEmpty();
  }

  private static List<String> of(LockService locks, String node)
      throws LocksUnavailable, InterruptedException {
    return locks
        .values()
        .get(Keys.takers(node))
        .map(text -> Arrays.stream(text.split(",")).filter(one -> one.contains("/")).toList())
        .orElse(List.of());
  }
}
