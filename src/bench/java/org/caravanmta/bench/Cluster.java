package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Relays the same mail through a node in no cluster, through one in a cluster without copies, and
/// through one, two and three nodes of a cluster that copy what they take, in turn, round after
/// round, and says what came of it. See {@link ClusterOptions#USAGE}; `src/bench/cluster` starts
/// it.
///
/// First as fast as the machine can, by which processor time compares; then each node limited to
/// the same part of a processor, so that the machine has enough for all of them.
public final class Cluster {
  /// @param peers all that have to do with it, those that get mail first
  private record Row(String name, int taking, List<Peer> peers) {
    List<Peer> takers() {
      return peers.subList(0, taking);
    }
  }

  private final ClusterOptions options;
  private final Rounds rounds;
  private final Nodes nodes;
  private final List<ClusterRound> all = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Cluster(ClusterOptions options, Rounds rounds, Nodes nodes) {
    this.options = options;
    this.rounds = rounds;
    this.nodes = nodes;
  }

  public static void main(String[] words) throws Exception {
    ClusterOptions options;
    try {
      options = ClusterOptions.of(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + ClusterOptions.USAGE);
      System.exit(2);
      return;
    }
    System.exit(run(options) ? 0 : 1);
  }

  private static boolean run(ClusterOptions options) throws Exception {
    Path work = Files.createTempDirectory("bench");
    try (var clients = new Loop("clients");
        var hop = new Loop("next-hop");
        var sink = new Sink(hop, 0, new Ledger(options.load(), 0));
        var zone = Zone.start()) {
      var setup =
          new Setup(
              work,
              TableFiles.write(work.resolve("tables")),
              sink.port(),
              zone.port(),
              Optional.empty(),
              Optional.empty(),
              Math.max(100, options.load().sessions() + 50));
      try (var nodes = Nodes.start(setup, options.nodes())) {
        return new Cluster(options, new Rounds(clients, sink), nodes).measure();
      }
    } finally {
      Setup.remove(work);
    }
  }

  private boolean measure() throws Exception {
    System.out.println(Machine.describe() + "\n" + nodes.embedded().version());
    for (Row row : List.of(embedded(), alone(), members(options.nodes(), 0))) {
      warmUp(row);
    }
    System.out.println("\n" + ClusterRound.HEADING);
    for (int round = 1; round <= options.rounds(); round++) {
      for (Row row : List.of(embedded(), alone(), members(1, round))) {
        keep(round(row, options.load().messages(), round, false));
      }
    }
    limited();
    notes.add("each node has %s".formatted(Server.CARAVAN.settings()));
    notes.add("unreplicated is the one node of a cluster of its own, with cluster.copies: 1");
    return report();
  }

  private Row embedded() {
    return new Row(ClusterReport.EMBEDDED, 1, List.of(nodes.embedded()));
  }

  private Row alone() {
    return new Row(ClusterReport.UNREPLICATED, 1, List.of(nodes.alone()));
  }

  /// Others in each round: none may be faster because it has taken more mail before, and is
  /// compiled further.
  private Row members(int taking, int round) {
    var peers = new ArrayList<>(nodes.cluster());
    Collections.rotate(peers, round);
    return new Row(ClusterReport.of(taking, options.nodes()), taking, List.copyOf(peers));
  }

  private void warmUp(Row row) throws Exception {
    for (Peer peer : row.takers()) {
      rounds.of(peer.name(), List.of(peer), List.of(peer), WarmUp.acquaintance(), 0);
    }
    for (Load load : WarmUp.rounds(options.load(), options.load().size(), options.warmUp())) {
      Load shared = load.toEach(load.messages(), row.taking());
      Measured measured = rounds.of(row.name(), row.takers(), row.peers(), shared, 0);
      System.out.printf(
          "warming up %s: %d messages, %.0f/s%n",
          row.name(), shared.messages(), measured.delivered());
    }
  }

  /// With the nodes limited, or loudly not at all.
  private void limited() throws Exception {
    var quotas = new ArrayList<Quota>();
    try {
      try {
        Quota.Place place = Quota.Place.here();
        for (Peer peer : nodes.all()) {
          quotas.add(Quota.limit(place, peer, options.percent()));
        }
        notes.add(
            place.describe(options.percent()) + ", the lock service and the benchmark are not");
        putTogether();
      } catch (IOException e) {
        String why = "THE NODES CANNOT BE LIMITED, so what two do beside one IS NOT MEASURED: " + e;
        System.out.println(why);
        notes.add(why);
        return;
      }
      // round 0, not counted: compiling what is left takes longer now
      for (int round = 0; round <= options.rounds(); round++) {
        var rows = new ArrayList<Row>(List.of(embedded(), alone()));
        for (int taking = 1; taking <= options.nodes(); taking++) {
          rows.add(members(taking, round));
        }
        for (Row row : rows) {
          ClusterRound done = round(row, options.load().messages() / 2, round, true);
          if (round > 0) {
            keep(done);
          }
        }
      }
    } finally {
      for (Quota quota : quotas) {
        quota.close();
      }
    }
  }

  /// Two that run at the same time on the two halves of a core slow each other down, which would be
  /// taken for what copies cost.
  private void putTogether() {
    if (Affinity.fitsOne(
        options.nodes(), options.percent(), Runtime.getRuntime().availableProcessors())) {
      try {
        Affinity.together(nodes.all());
        notes.add("all limited nodes are on one processor, and take turns there");
      } catch (IOException e) {
        notes.add("the nodes could not be put on one processor: " + e.getMessage());
      }
    }
  }

  private void keep(ClusterRound round) {
    all.add(round);
    System.out.println(round);
  }

  private ClusterRound round(Row row, int messages, int number, boolean limited) throws Exception {
    Load load = options.load().toEach(messages, row.taking());
    var before = usages(row);
    Usage locks = nodes.locks().usage();
    Measured measured = rounds.of(row.name(), row.takers(), row.peers(), load, number);
    var micros = new LinkedHashMap<String, Double>();
    for (Peer peer : row.peers()) {
      Usage used = peer.usage().since(before.get(peer));
      micros.put(peer.name(), used.cpuMicros() / (double) load.messages());
    }
    Usage lockUse = nodes.locks().usage().since(locks);
    return new ClusterRound(
        measured,
        limited,
        row.taking(),
        micros,
        lockUse.cpuMicros() / (double) load.messages(),
        Machine.load());
  }

  private static LinkedHashMap<Peer, Usage> usages(Row row) throws IOException {
    var usages = new LinkedHashMap<Peer, Usage>();
    for (Peer peer : row.peers()) {
      usages.put(peer, peer.usage());
    }
    return usages;
  }

  private boolean report() throws IOException {
    var report = new ClusterReport(options.nodes(), List.copyOf(all), List.copyOf(notes));
    System.out.println("\n" + report.table() + "\n" + report.footnotes());
    if (options.json().isPresent()) {
      Files.writeString(
          options.json().get(), report.json(Machine.describe(), nodes.embedded().version()));
    }
    return all.stream().allMatch(round -> round.measured().missing() == 0);
  }
}
