package org.caravanmta.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Relays the same mail through each server in turn, round after round, and says what came of it.
/// See {@link Options#USAGE}; `src/bench/relay` starts it.
public final class Relay {
  private final Options options;
  private final Rounds rounds;
  private final List<Peer> peers;

  private Relay(Options options, Rounds rounds, List<Peer> peers) {
    this.options = options;
    this.rounds = rounds;
    this.peers = peers;
  }

  public static void main(String[] words) throws Exception {
    Options options;
    try {
      options = Options.of(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    System.exit(run(options) ? 0 : 1);
  }

  private static boolean run(Options options) throws Exception {
    Path work = Files.createTempDirectory("bench");
    var peers = new ArrayList<Peer>();
    try (var clients = new Loop("clients");
        var hop = new Loop("next-hop");
        var sink = new Sink(hop, 0, new Ledger(options.load(), 0));
        var zone = Zone.start();
        var asked = options.equal() ? Asked.start() : null;
        var milter = options.milter() ? NoOpMilter.start() : null) {
      int sessions = options.loads().stream().mapToInt(Load::sessions).max().orElse(1);
      var setup =
          new Setup(
              work,
              TableFiles.write(work.resolve("tables")),
              sink.port(),
              zone.port(),
              Optional.ofNullable(asked),
              Optional.ofNullable(milter),
              Math.max(100, sessions + 50));
      for (Server server : options.servers()) {
        peers.add(server.start(setup));
      }
      return new Relay(options, new Rounds(clients, sink), peers).measure();
    } finally {
      peers.forEach(Peer::close);
      Setup.remove(work);
    }
  }

  private boolean measure() throws Exception {
    System.out.println(Machine.describe());
    var notes = new ArrayList<String>();
    for (int i = 0; i < peers.size(); i++) {
      Server server = options.servers().get(i);
      System.out.println(peers.get(i).version());
      notes.add(server.name() + " is set up with " + server.settings());
      notes.add(server.name() + " " + server.differs(options.equal()));
    }
    for (int i = 0; i < peers.size(); i++) {
      warmUp(peers.get(i), options.servers().get(i)).ifPresent(notes::add);
    }
    var all = new ArrayList<Measured>();
    for (Load load : options.loads()) {
      var measured = new ArrayList<Measured>();
      if (!options.matrix()) {
        System.out.printf("%n%d messages: %s%n%s%n", load.messages(), load, Measured.HEADING);
      }
      for (int round = 1; round <= options.rounds(); round++) {
        for (Peer peer : peers) {
          Measured one = round(peer, load, round);
          measured.add(one);
          if (!options.matrix()) {
            System.out.println(one);
          }
        }
      }
      if (options.matrix()) {
        System.out.print(
            (all.isEmpty() ? "\n" + Report.heading(names()) : "")
                + report(measured, List.of()).lines());
      }
      all.addAll(measured);
    }
    Report report = report(all, notes);
    System.out.println("\n" + (options.matrix() ? "" : report.table() + "\n") + report.footnotes());
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), report.json(Machine.describe(), versions()));
    }
    if (options.chart().isPresent()) {
      Files.writeString(
          options.chart().get(),
          Chart.of(report, Machine.describe(), String.join(", ", versions())));
    }
    return all.stream().allMatch(each -> each.missing() == 0);
  }

  private Report report(List<Measured> rounds, List<String> notes) {
    return new Report(names(), List.copyOf(rounds), notes, options.equal());
  }

  private List<String> names() {
    return peers.stream().map(Peer::name).toList();
  }

  /// @return what the first of it says about a server that has just started
  private Optional<String> warmUp(Peer peer, Server server) throws Exception {
    List<Load> loads = WarmUp.rounds(options, server);
    if (loads.isEmpty()) {
      return Optional.empty();
    }
    if (server instanceof Caravan) {
      round(peer, WarmUp.acquaintance(), 0);
    }
    Measured first = round(peer, loads.getFirst(), 0);
    String rate =
        "%s's first %d messages after its start: %.0f/s"
            .formatted(peer.name(), first.load().messages(), first.delivered());
    System.out.println(rate);
    for (Load load : loads.subList(1, loads.size())) {
      round(peer, load, 0);
    }
    int count = loads.stream().mapToInt(Load::messages).sum();
    return Optional.of(rate + "; measured after " + count);
  }

  private List<String> versions() {
    return peers.stream().map(Peer::version).toList();
  }

  private Measured round(Peer peer, Load load, int number) throws Exception {
    return options.smtpSource() && number > 0
        ? rounds.ofSmtpSource(peer, load, number)
        : rounds.of(peer.name(), List.of(peer), List.of(peer), load, number);
  }
}
