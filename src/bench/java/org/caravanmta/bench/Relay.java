package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Relays the same mail through each server in turn, round after round, and says what came of it.
/// See {@link Options#USAGE}; `src/bench/relay` starts it.
public final class Relay {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = 5_000_000;

  /// What is still being settled after the last message is paid for too.
  private static final Duration AFTERMATH = Duration.ofMillis(700);

  private final Options options;
  private final Loop clients;
  private final Sink sink;
  private final List<Peer> peers;
  private int next;

  private Relay(Options options, Loop clients, Sink sink, List<Peer> peers) {
    this.options = options;
    this.clients = clients;
    this.sink = sink;
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
      return new Relay(options, clients, sink, peers).measure();
    } finally {
      peers.forEach(Peer::close);
      remove(work);
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
      var rounds = new ArrayList<Measured>();
      if (!options.matrix()) {
        System.out.printf("%n%d messages: %s%n%s%n", load.messages(), load, Measured.HEADING);
      }
      for (int round = 1; round <= options.rounds(); round++) {
        for (Peer peer : peers) {
          Measured measured = round(peer, load, round);
          rounds.add(measured);
          if (!options.matrix()) {
            System.out.println(measured);
          }
        }
      }
      if (options.matrix()) {
        System.out.print(
            (all.isEmpty() ? "\n" + Report.heading(names()) : "")
                + report(rounds, List.of()).lines());
      }
      all.addAll(rounds);
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
    return all.stream().allMatch(measured -> measured.missing() == 0);
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
    var ledger = new Ledger(load, next);
    next += load.messages();
    sink.count(ledger);
    long taken = sink.messages();
    Usage before = peer.usage();
    long own = ownMicros();
    long start = System.nanoTime();
    long sent;
    long arrived;
    if (options.smtpSource() && number > 0) {
      smtpSource(peer, load);
      sent = System.nanoTime();
      awaitProgress(() -> sink.messages() - taken, load.messages());
      arrived = System.nanoTime();
    } else {
      var generator = new Generator(clients, peer.port(), load, ledger);
      generator.start();
      generator.await();
      awaitProgress(ledger::whole, load.messages());
      sent = ledger.lastAnswer();
      arrived = ledger.lastArrival();
    }
    long ownAfter = ownMicros();
    pause(AFTERMATH);
    Usage after = peer.usage();
    boolean numbered = !options.smtpSource() || number == 0;
    int came = numbered ? ledger.whole() : (int) (sink.messages() - taken);
    return new Measured(
        peer.name(),
        load,
        number,
        load.messages() * 1e9 / (sent - start),
        came * 1e9 / (arrived - start),
        (after.cpuMicros() - before.cpuMicros()) / (double) load.messages(),
        (ownAfter - own) / (double) load.messages(),
        ledger.replies(),
        ledger.journeys(),
        after.memory(),
        load.messages() - came,
        ledger.twice(),
        ledger.refusals());
  }

  private static void smtpSource(Peer peer, Load load) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                "smtp-source",
                "-s",
                String.valueOf(load.sessions()),
                "-m",
                String.valueOf(load.messages()),
                "-l",
                String.valueOf(load.size()),
                "-f",
                Load.SENDER,
                "-t",
                Load.recipient(0)));
    if (load.reused()) {
      command.add("-d");
    }
    command.add("127.0.0.1:" + peer.port());
    Peer.output(command.toArray(String[]::new));
  }

  private static void awaitProgress(java.util.function.LongSupplier count, long all) {
    long seen = -1;
    long since = System.nanoTime();
    for (long now = count.getAsLong(); now < all; now = count.getAsLong()) {
      if (now != seen) {
        seen = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        return;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static void pause(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static long ownMicros() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
        / TimeUnit.MICROSECONDS.toNanos(1);
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
