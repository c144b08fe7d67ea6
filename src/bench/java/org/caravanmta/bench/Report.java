package org.caravanmta.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What all rounds came to: for each load the median of each server, and how many times faster than
/// the first server each other one was in the same round.
///
/// @param notes how the servers were set up, and what they do that the others do not
/// @param equal whether Postfix has asked a DNS list and a policy service, too
record Report(List<String> peers, List<Measured> all, List<String> notes, boolean equal) {
  /// One server under one load; `ratio` and its bounds are to the first server, round by round.
  record Row(
      Load load,
      String peer,
      double delivered,
      double accepted,
      double cpuMicros,
      Ledger.Percentiles reply,
      Ledger.Percentiles journey,
      double memory,
      double ratio,
      double worst,
      double best,
      int lost) {}

  List<Row> rows() {
    var rows = new ArrayList<Row>();
    for (Load load : new LinkedHashSet<>(all.stream().map(Measured::load).toList())) {
      var first = rounds(load, peers.getFirst());
      for (String peer : peers) {
        var rounds = rounds(load, peer);
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < rounds.size(); i++) {
          ratios.add(rounds.get(i).delivered() / first.get(i).delivered());
        }
        ratios.sort(null);
        rows.add(
            new Row(
                load,
                peer,
                median(rounds, Measured::delivered),
                median(rounds, Measured::accepted),
                median(rounds, Measured::cpuMicros),
                percentiles(rounds, Measured::reply),
                percentiles(rounds, Measured::journey),
                median(rounds, Measured::memory),
                ratios.get(ratios.size() / 2),
                ratios.getFirst(),
                ratios.getLast(),
                rounds.stream().mapToInt(Measured::missing).sum()));
      }
    }
    return rows;
  }

  /// What the figures do not say, beginning with mail that a server has lost.
  List<String> remarks() {
    var remarks = new ArrayList<String>();
    for (String peer : peers) {
      var rounds = all.stream().filter(m -> m.peer().equals(peer)).toList();
      int messages = rounds.stream().mapToInt(m -> m.load().messages()).sum();
      int missing = rounds.stream().mapToInt(Measured::missing).sum();
      int twice = rounds.stream().mapToInt(Measured::twice).sum();
      if (missing > 0) {
        remarks.add(
            "%s HAS LOST MAIL: of %d messages that it answered 250, %d did not come"
                .formatted(peer, messages, missing));
      }
      if (twice > 0) {
        remarks.add("%s sent %d of %d messages more than once".formatted(peer, twice, messages));
      }
    }
    for (String peer : peers) {
      if (peers.contains(peer + Server.MILTER)) {
        remarks.add(milter(peer));
      }
    }
    remarks.addAll(notes);
    return remarks;
  }

  /// What a milter costs a server, round by round.
  private String milter(String peer) {
    var added = new ArrayList<Double>();
    for (Load load : new LinkedHashSet<>(all.stream().map(Measured::load).toList())) {
      var with = rounds(load, peer + Server.MILTER);
      var without = rounds(load, peer);
      for (int i = 0; i < with.size(); i++) {
        added.add(with.get(i).cpuMicros() - without.get(i).cpuMicros());
      }
    }
    added.sort(null);
    return "a milter that does nothing costs %s %.0f µs of processor time for a message (%.0f–%.0f)"
        .formatted(peer, added.get(added.size() / 2), added.getFirst(), added.getLast());
  }

  /// The remarks as a Markdown list.
  String footnotes() {
    return String.join("", remarks().stream().map(remark -> "* " + remark + ".\n").toList());
  }

  /// The head of a Markdown table with one line for each load.
  static String heading(List<String> peers) {
    return "| messages | load | %s |\n|--:|---|%s\n"
        .formatted(
            String.join(
                " | ",
                peers.stream().map(peer -> peer + ", delivered/s (ratio, worst–best)").toList()),
            "--:|".repeat(peers.size()));
  }

  /// The lines of that table.
  String lines() {
    var lines = new StringBuilder();
    for (Row row : rows()) {
      boolean first = row.peer().equals(peers.getFirst());
      if (first) {
        lines.append("| %d | %s |".formatted(row.load().messages(), row.load()));
      }
      lines.append(" ").append(rate(row.delivered()));
      if (!first) {
        lines.append(" (**%.1f**, %.1f–%.1f)".formatted(row.ratio(), row.worst(), row.best()));
      }
      lines.append(row.lost() > 0 ? ", " + row.lost() + " LOST |" : " |");
      lines.append(row.peer().equals(peers.getLast()) ? "\n" : "");
    }
    return lines.toString();
  }

  static String rate(double perSecond) {
    return (perSecond < 10 ? "%.1f" : "%.0f").formatted(perSecond);
  }

  /// A Markdown table.
  String table() {
    var table =
        new StringBuilder(
            """
            | load | server | accepted/s | delivered/s | CPU per message | 250 p50 / p99 | 250 → next hop p50 / p99 | memory | ratio (worst–best) |
            |---|---|--:|--:|--:|--:|--:|--:|--:|
            """);
    for (Row row : rows()) {
      table.append(
          "| %s | %s | %.0f | %.0f | %.0f µs | %s | %s | %.0f MiB | %s |%n"
              .formatted(
                  row.load(),
                  row.peer(),
                  row.accepted(),
                  row.delivered(),
                  row.cpuMicros(),
                  both(row.reply()),
                  both(row.journey()),
                  row.memory() / 1048576,
                  row.peer().equals(peers.getFirst())
                      ? "1"
                      : "**%.1f** (%.1f–%.1f)".formatted(row.ratio(), row.worst(), row.best())));
    }
    return table.toString();
  }

  String json(String machine, List<String> versions) {
    var text = new StringBuilder("{\n  \"machine\": " + quoted(machine) + ",\n  \"versions\": [");
    text.append(String.join(", ", versions.stream().map(Report::quoted).toList()));
    text.append("],\n  \"notes\": [");
    text.append(String.join(", ", remarks().stream().map(Report::quoted).toList()));
    text.append("],\n  \"equal\": " + equal + ",\n  \"rounds\": [\n");
    for (int i = 0; i < all.size(); i++) {
      text.append(json(all.get(i))).append(i + 1 < all.size() ? ",\n" : "\n");
    }
    return text.append("  ]\n}\n").toString();
  }

  private static String json(Measured m) {
    return "    {" + fields(m) + "}";
  }

  /// What one round came to, as the fields of a JSON object.
  static String fields(Measured m) {
    return ("""
    "server": %s, "round": %d, "messages": %d, "size": %d, "recipients": %d, "sessions": %d, \
    "reused": %b, "acceptedPerSecond": %.2f, "deliveredPerSecond": %.2f, "cpuMicros": %.1f, \
    "harnessCpuMicros": %.1f, "replyMillis": {"p50": %.3f, "p99": %.3f}, \
    "hopMillis": {"p50": %.3f, "p99": %.3f}, "memoryBytes": %d, "missing": %d, "twice": %d, \
    "refused": %d\
    """)
        .formatted(
            quoted(m.peer()),
            m.round(),
            m.load().messages(),
            m.load().size(),
            m.load().recipients(),
            m.load().sessions(),
            m.load().reused(),
            m.accepted(),
            m.delivered(),
            m.cpuMicros(),
            m.harnessMicros(),
            m.reply().p50(),
            m.reply().p99(),
            m.journey().p50(),
            m.journey().p99(),
            m.memory(),
            m.missing(),
            m.twice(),
            m.refused());
  }

  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static String both(Ledger.Percentiles percentiles) {
    // smtp-source does not say when it was answered
    return percentiles.p99() == 0
        ? "–"
        : "%.1f / %.1f ms".formatted(percentiles.p50(), percentiles.p99());
  }

  private List<Measured> rounds(Load load, String peer) {
    return all.stream().filter(m -> m.load().equals(load) && m.peer().equals(peer)).toList();
  }

  private static Ledger.Percentiles percentiles(
      List<Measured> rounds, java.util.function.Function<Measured, Ledger.Percentiles> of) {
    return new Ledger.Percentiles(
        median(rounds, m -> of.apply(m).p50()), median(rounds, m -> of.apply(m).p99()));
  }

  private static double median(List<Measured> rounds, ToDoubleFunction<Measured> of) {
    double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
