package org.caravanmta.bench;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What one round through one node, or some nodes of a cluster, came to.
///
/// @param measured of all its nodes together, without the lock service
/// @param limited whether each node was limited
/// @param taking how many nodes got mail, the first of `nodes`
/// @param nodes processor time of each for a message of the round, in microseconds
/// @param locks that of the lock service
/// @param load of the machine, after the round
record ClusterRound(
    Measured measured,
    boolean limited,
    int taking,
    Map<String, Double> nodes,
    double locks,
    double load) {

  static final String HEADING =
      "%-5s %-12s %7s %9s %9s %7s %7s %7s %6s %6s %15s %15s %7s %5s %7s %5s"
          .formatted(
              "round",
              "mail to",
              "limited",
              "250/s",
              "sent/s",
              "taking",
              "others",
              "core %",
              "locks",
              "own µs",
              "250 p50/p99 ms",
              "hop p50/p99 ms",
              "missing",
              "twice",
              "refused",
              "load");

  /// Processor time for a message in the nodes that got mail.
  double takingMicros() {
    return nodes.values().stream().limit(taking).mapToDouble(Double::doubleValue).sum();
  }

  /// In the other nodes, which keep copies.
  double otherMicros() {
    return nodes.values().stream().skip(taking).mapToDouble(Double::doubleValue).sum();
  }

  double togetherMicros() {
    return takingMicros() + otherMicros();
  }

  /// How much of a processor each node that got mail has had.
  double percent() {
    return takingMicros() * measured.delivered() / taking / 10_000;
  }

  String json() {
    return """
        {%s, "limited": %b, "taking": %d, "nodeCpuMicros": {%s}, "lockCpuMicros": %s, "load": %s}\
    """
        .formatted(
            Report.fields(measured),
            limited,
            taking,
            nodes.entrySet().stream()
                .map(node -> Report.quoted(node.getKey()) + ": " + decimal(node.getValue()))
                .collect(Collectors.joining(", ")),
            decimal(locks),
            decimal(load));
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  @Override
  public String toString() {
    return "%-5d %-12s %7s %9.1f %9.1f %7.0f %7.0f %7.0f %6.0f %6.0f %15s %15s %7d %5d %7d %5.1f"
        .formatted(
            measured.round(),
            measured.peer(),
            limited ? "yes" : "no",
            measured.accepted(),
            measured.delivered(),
            takingMicros(),
            otherMicros(),
            percent(),
            locks,
            measured.harnessMicros(),
            "%.1f/%.1f".formatted(measured.reply().p50(), measured.reply().p99()),
            "%.1f/%.1f".formatted(measured.journey().p50(), measured.journey().p99()),
            measured.missing(),
            measured.twice(),
            measured.refused(),
            load);
  }
}
