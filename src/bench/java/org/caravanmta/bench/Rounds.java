package org.caravanmta.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Rounds of mail from the benchmark's client through a server, or several that share it, to its
/// next hop; no message of a round has a number of another one.
final class Rounds {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = 5_000_000;

  /// What is still being settled after the last message is paid for too.
  private static final Duration AFTERMATH = Duration.ofMillis(700);

  private final Loop clients;
  private final Sink sink;
  private int next;

  Rounds(Loop clients, Sink sink) {
    this.clients = clients;
    this.sink = sink;
  }

  /// @param name of what is measured
  /// @param taking the servers that get the mail
  /// @param paid those whose processor time and memory count
  Measured of(String name, List<Peer> taking, List<Peer> paid, Load load, int number)
      throws Exception {
    Ledger ledger = begin(load);
    Usage before = usage(paid);
    long own = ownMicros();
    long start = System.nanoTime();
    var generator = new Generator(clients, taking.stream().map(Peer::port).toList(), load, ledger);
    generator.start();
    generator.await();
    awaitProgress(ledger::whole, load.messages());
    double ownCost = ownMicros() - own;
    pause(AFTERMATH);
    return measured(
        name,
        load,
        number,
        perSecond(load.messages(), ledger.lastAnswer() - start),
        perSecond(ledger.whole(), ledger.lastArrival() - start),
        ownCost,
        usage(paid).since(before),
        ledger,
        ledger.whole());
  }

  /// Mail of Postfix's generator, which has no numbers.
  Measured ofSmtpSource(Peer peer, Load load, int number) throws Exception {
    Ledger ledger = begin(load);
    long taken = sink.messages();
    Usage before = peer.usage();
    long own = ownMicros();
    long start = System.nanoTime();
    smtpSource(peer, load);
    long sent = System.nanoTime();
    awaitProgress(() -> sink.messages() - taken, load.messages());
    long arrived = System.nanoTime();
    double ownCost = ownMicros() - own;
    pause(AFTERMATH);
    int came = (int) (sink.messages() - taken);
    return measured(
        peer.name(),
        load,
        number,
        perSecond(load.messages(), sent - start),
        perSecond(came, arrived - start),
        ownCost,
        peer.usage().since(before),
        ledger,
        came);
  }

  private Ledger begin(Load load) {
    var ledger = new Ledger(load, next);
    next += load.messages();
    sink.count(ledger);
    return ledger;
  }

  private static Measured measured(
      String name,
      Load load,
      int number,
      double accepted,
      double delivered,
      double ownMicros,
      Usage used,
      Ledger ledger,
      int came) {
    return new Measured(
        name,
        load,
        number,
        accepted,
        delivered,
        used.cpuMicros() / (double) load.messages(),
        ownMicros / load.messages(),
        ledger.replies(),
        ledger.journeys(),
        used.memory(),
        load.messages() - came,
        ledger.twice(),
        ledger.refusals());
  }

  private static double perSecond(int count, long nanos) {
    return count * 1e9 / nanos;
  }

  private static Usage usage(List<Peer> peers) throws IOException {
    var sum = new Usage(0, 0);
    for (Peer peer : peers) {
      sum = sum.and(peer.usage());
    }
    return sum;
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

  private static void awaitProgress(LongSupplier count, long all) {
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
}
