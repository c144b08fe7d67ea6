package org.caravanmta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What all rounds of the benchmark of clusters came to: medians, and the ratios of rounds that
/// follow each other.
///
/// @param nodes of the cluster
/// @param notes how it was measured
record ClusterReport(int nodes, List<ClusterRound> all, List<String> notes) {
  static final String EMBEDDED = "embedded";
  static final String UNREPLICATED = "unreplicated";

  /// How much more two nodes should do than one.
  private static final double WANTED = 1.8;

  /// How much processor time a node with copies should take for a message, at most, as a multiple
  /// of that of one in no cluster.
  private static final double DEAREST = 1.5;

  /// Ratios of rounds, sorted.
  record Ratio(double worst, double median, double best) {
    static Ratio of(List<Double> ratios) {
      List<Double> sorted = ratios.stream().sorted().toList();
      double median = Median.of(sorted.stream().mapToDouble(Double::doubleValue));
      return new Ratio(sorted.getFirst(), median, sorted.getLast());
    }

    @Override
    public String toString() {
      return "%.2f (%.2f–%.2f)".formatted(median, worst, best);
    }
  }

  /// The name of what is measured when so many nodes of a cluster get mail.
  static String of(int taking, int nodes) {
    return taking + " of " + nodes;
  }

  /// A Markdown table; the ratio is to a node in no cluster or, of limited ones, to one of the
  /// cluster.
  String table() {
    var table =
        new StringBuilder(
            """
            | mail to | limited | accepted/s | delivered/s | CPU per message: taking nodes | other nodes | together | lock service | 250 p50 / p99 | delivered/s, ratio (worst–best) |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|
            """);
    for (boolean limited : new boolean[] {false, true}) {
      for (String name : names(limited)) {
        table.append(line(name, limited));
      }
    }
    return table.toString();
  }

  private String line(String name, boolean limited) {
    List<ClusterRound> rounds = rounds(name, limited);
    return "| %s | %s | %.0f | %.0f | %.0f µs | %.0f µs | %.0f µs | %.0f µs | %.1f / %.1f ms | %s |%n"
        .formatted(
            name,
            limited ? "yes" : "no",
            median(rounds, round -> round.measured().accepted()),
            median(rounds, round -> round.measured().delivered()),
            median(rounds, ClusterRound::takingMicros),
            median(rounds, ClusterRound::otherMicros),
            median(rounds, ClusterRound::togetherMicros),
            median(rounds, ClusterRound::locks),
            median(rounds, round -> round.measured().reply().p50()),
            median(rounds, round -> round.measured().reply().p99()),
            ratio(
                name,
                limited ? of(1, nodes) : EMBEDDED,
                limited,
                round -> round.measured().delivered()));
  }

  /// What it comes to, beginning with mail that was lost.
  List<String> remarks() {
    var remarks = new ArrayList<String>();
    int missing = all.stream().mapToInt(round -> round.measured().missing()).sum();
    int twice = all.stream().mapToInt(round -> round.measured().twice()).sum();
    int messages = all.stream().mapToInt(round -> round.measured().load().messages()).sum();
    if (missing > 0) {
      remarks.add("MAIL IS LOST: of %d messages, %d did not come".formatted(messages, missing));
    }
    if (twice > 0) {
      remarks.add("%d of %d messages came more than once".formatted(twice, messages));
    }
    remarks.add(cost("with a copy on another node", of(1, nodes)));
    remarks.add(cost("in a cluster, without a copy", UNREPLICATED));
    for (int taking = 2; taking <= nodes; taking++) {
      if (!rounds(of(taking, nodes), true).isEmpty()) {
        remarks.add(more(taking));
      }
    }
    remarks.addAll(notes);
    return remarks;
  }

  private String cost(String what, String name) {
    Ratio taking = ratio(name, EMBEDDED, false, ClusterRound::takingMicros);
    Ratio together = ratio(name, EMBEDDED, false, ClusterRound::togetherMicros);
    return """
    %s, a message costs the node that takes it %s times the processor time of one in no \
    cluster (at most %.1f is wanted: %s), and all nodes together %s times\
    """
        .formatted(
            what, taking, DEAREST, taking.median() <= DEAREST ? "so it is" : "NOT SO", together);
  }

  private String more(int taking) {
    Ratio ratio =
        ratio(of(taking, nodes), of(1, nodes), true, round -> round.measured().delivered());
    String wanted =
        taking == 2
            ? " (at least %.1f is wanted: %s)"
                .formatted(WANTED, ratio.median() >= WANTED ? "so it is" : "NOT SO")
            : "";
    return "mail to %s nodes is delivered %s times as fast as mail to one of them%s"
        .formatted(of(taking, nodes), ratio, wanted);
  }

  /// The remarks as a Markdown list.
  String footnotes() {
    return String.join("", remarks().stream().map(remark -> "* " + remark + ".\n").toList());
  }

  String json(String machine, String version) {
    return """
    {
      "machine": %s,
      "version": %s,
      "notes": [%s],
      "rounds": [
    %s
      ]
    }
    """
        .formatted(
            Report.quoted(machine),
            Report.quoted(version),
            remarks().stream().map(Report::quoted).collect(Collectors.joining(", ")),
            all.stream().map(ClusterRound::json).collect(Collectors.joining(",\n")));
  }

  /// How many times as much as another in the same round.
  Ratio ratio(String name, String to, boolean limited, ToDoubleFunction<ClusterRound> of) {
    List<ClusterRound> rounds = rounds(name, limited);
    List<ClusterRound> others = rounds(to, limited);
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < rounds.size(); i++) {
      ratios.add(of.applyAsDouble(rounds.get(i)) / of.applyAsDouble(others.get(i)));
    }
    return Ratio.of(ratios);
  }

  private List<String> names(boolean limited) {
    return all.stream()
        .filter(round -> round.limited() == limited)
        .map(round -> round.measured().peer())
        .distinct()
        .toList();
  }

  private List<ClusterRound> rounds(String name, boolean limited) {
    return all.stream()
        .filter(round -> round.limited() == limited && round.measured().peer().equals(name))
        .toList();
  }

  private static double median(List<ClusterRound> rounds, ToDoubleFunction<ClusterRound> of) {
    return Median.of(rounds.stream().mapToDouble(of));
  }
}
