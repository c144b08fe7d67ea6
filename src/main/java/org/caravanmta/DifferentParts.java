package org.caravanmta;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// In which settings and files the nodes of a cluster differ, of what all should have in common.
final class DifferentParts {
  /// What a node says that has no such file.
  private static final String NONE = "";

  /// The digest of a part by the name of the node, by the name of the part.
  private final Map<String, Map<String, String>> parts = new TreeMap<>();

  /// @param row the name of a part, and a digest of what is in it
  void add(String node, List<String> row) {
    parts.computeIfAbsent(row.getFirst(), _ -> new LinkedHashMap<>()).put(node, row.getLast());
  }

  /// For each part that is not the same everywhere, its name, and which nodes have the same one:
  /// `n1, n2 | n3`.
  ///
  /// @param nodes those that have said all they had to say
  List<List<String>> rows(Collection<String> nodes) {
    var rows = new ArrayList<List<String>>();
    parts.forEach(
        (part, digests) -> {
          var alike = new LinkedHashMap<String, List<String>>();
          for (String node : nodes) {
            String digest = digests.getOrDefault(node, NONE);
            alike.computeIfAbsent(digest, _ -> new ArrayList<>()).add(node);
          }
          if (alike.size() > 1) {
            rows.add(List.of(part, groups(alike)));
          }
        });
    return rows;
  }

  private static String groups(Map<String, List<String>> alike) {
    var groups = new ArrayList<String>();
    alike.forEach(
        (digest, nodes) ->
            groups.add(String.join(", ", nodes) + (digest.equals(NONE) ? " (none)" : "")));
    return String.join(" | ", groups);
  }
}
