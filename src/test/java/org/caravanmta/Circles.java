package org.caravanmta;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The circles of a directed graph: the largest sets of nodes each of which leads to all others (R.
/// Tarjan, 1972).
final class Circles {
  private final Map<String, Set<String>> edges;
  private final Map<String, Integer> found = new HashMap<>();
  private final Map<String, Integer> lowest = new HashMap<>();
  private final Deque<String> path = new ArrayDeque<>();
  private final Set<Set<String>> circles = new HashSet<>();

  private Circles(Map<String, Set<String>> edges) {
    this.edges = edges;
  }

  static Set<Set<String>> of(Map<String, Set<String>> edges) {
    var search = new Circles(edges);
    edges.keySet().stream().filter(node -> !search.found.containsKey(node)).forEach(search::visit);
    return search.circles;
  }

  private void visit(String node) {
    int number = found.size();
    found.put(node, number);
    lowest.put(node, number);
    path.push(node);
    for (String next : edges.getOrDefault(node, Set.of())) {
      if (!found.containsKey(next)) {
        visit(next);
        lowest.merge(node, lowest.get(next), Math::min);
      } else if (path.contains(next)) {
        lowest.merge(node, found.get(next), Math::min);
      }
    }
    if (lowest.get(node) == number) {
      var circle = new TreeSet<String>();
      String one;
      do {
        one = path.pop();
        circle.add(one);
      } while (!one.equals(node));
      if (circle.size() > 1) {
        circles.add(circle);
      }
    }
  }
}
