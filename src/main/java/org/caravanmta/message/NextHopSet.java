package org.caravanmta.message;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Next hops of which any may get the mail, as each has the same servers behind it: load is shared
/// among them by their weights, and the others stand in for one that fails.
///
/// @param members at least one
public record NextHopSet(List<Weighted> members) {
  /// A next hop in a set.
  ///
  /// @param weight its share of the mail beside the others' weights, at least 1
  public record Weighted(NextHop hop, int weight) {}

  public NextHopSet {
    members = List.copyOf(members);
  }

  /// The next hops in the order in which a message tries them: the first by its weight, then the
  /// next of those that are left.
  public List<NextHop> drawn(RandomGenerator random) {
    var left = new ArrayList<>(members);
    var order = new ArrayList<NextHop>();
    while (left.size() > 1) {
      order.add(left.remove(Draw.of(left, Weighted::weight, random)).hop());
    }
    order.add(left.getFirst().hop());
    return order;
  }
}
