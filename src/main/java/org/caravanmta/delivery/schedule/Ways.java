package org.caravanmta.delivery.schedule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.delivery.shaping.ServerGroup;

/// Which groups the servers of destinations are in, as their latest deliveries have found them. Of
/// a destination that is not known its next delivery finds out.
final class Ways {
  /// The number of destinations above which the one not seen for the longest time is forgotten.
  private static final int MANY = 50_000;

  private final Map<String, List<ServerGroup>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ServerGroup>> eldest) {
          return size() > MANY;
        }
      };

  /// None if it has a server that is in no group.
  synchronized List<ServerGroup> of(String name) {
    return known.getOrDefault(name, List.of());
  }

  /// @param groups all that its servers of the best preference are in, none if one of them is in no
  ///   group
  synchronized void note(String name, List<ServerGroup> groups) {
    if (groups.isEmpty()) {
      known.remove(name);
    } else if (!groups.equals(known.get(name))) {
      known.put(name, groups);
    }
  }
}
