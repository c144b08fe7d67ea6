package org.caravanmta.peers;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What became of mail for each kind of server at each level: one line for a kind, a column for a
/// level.
///
/// A cell is `clear`, or how far the certificate was verified (`untrusted`, `trusted`, `verified`),
/// or the status of what was deferred, `4.7.5`.
record PolicyTable(Map<ServerKind, Map<PolicyLevel, String>> cells) {
  private static final String LINE = "%-26s";
  private static final String CELL = "%-12s";

  static PolicyTable of(BiFunction<ServerKind, PolicyLevel, String> cell) {
    var all = new EnumMap<ServerKind, Map<PolicyLevel, String>>(ServerKind.class);
    for (ServerKind kind : ServerKind.values()) {
      for (PolicyLevel level : PolicyLevel.values()) {
        all.computeIfAbsent(kind, _ -> new EnumMap<>(PolicyLevel.class))
            .put(level, cell.apply(kind, level));
      }
    }
    return new PolicyTable(all);
  }

  String cell(ServerKind kind, PolicyLevel level) {
    return cells.get(kind).get(level);
  }

  @Override
  public String toString() {
    String head =
        LINE.formatted("")
            + Stream.of(PolicyLevel.values())
                .map(level -> CELL.formatted(level.label()))
                .collect(Collectors.joining());
    return cells.entrySet().stream()
        .map(
            line ->
                (LINE.formatted(line.getKey().label())
                        + line.getValue().values().stream()
                            .map(CELL::formatted)
                            .collect(Collectors.joining()))
                    .stripTrailing())
        .collect(Collectors.joining("\n", head.stripTrailing() + "\n", "\n"));
  }
}
