package org.caravanmta.story;

import static java.util.stream.Collectors.joining;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// A cluster of three nodes under load, to which each {@link Mishap} happens, again and again:
/// every message that was answered 250 is delivered, by one node; what is delivered twice is
/// counted.
///
/// It runs in a network of namespaces, which `src/proof/cluster` makes:
///
/// `cluster --rounds 20 --only kill,cut --rate 60`
final class ClusterProof {
  private static final InetSocketAddress HOP = new InetSocketAddress("10.48.0.1", 2526);
  private static final int CLIENTS = 18;
  private static final Duration BEFORE = Duration.ofSeconds(3);
  private static final Duration AFTER = Duration.ofSeconds(4);

  /// How long what was accepted may take to come, once all is mended.
  private static final Duration TO_SETTLE = Duration.ofSeconds(90);

  private static final long LOOK = 500;

  /// Characters of a line of a log that are shown.
  private static final int MOST = 240;

  private final Machines machines;
  private final NextHop hop;
  private final int rate;
  private final long begun = System.nanoTime();
  private final Map<Mishap, List<Reckoning>> results = new EnumMap<>(Mishap.class);
  private final Map<String, Integer> complaints = new HashMap<>();
  private boolean balances = true;

  private ClusterProof(Machines machines, NextHop hop, int rate) {
    this.machines = machines;
    this.hop = hop;
    this.rate = rate;
  }

  public static void main(String[] words) throws Exception {
    var options = new HashMap<>(Map.of("rounds", "20", "only", all(), "rate", "60"));
    for (int i = 0; i + 1 < words.length; i += 2) {
      options.put(words[i].replaceFirst("^--", ""), words[i + 1]);
    }
    if (options.size() > 3 || words.length % 2 == 1) {
      System.err.println("options are --rounds 20 --rate 60 --only " + all());
      System.exit(2);
    }
    Path directory = Path.of(System.getenv("CLUSTER_DIRECTORY"));
    boolean balances;
    try (var machines = new Machines(directory);
        var hop = NextHop.start(HOP)) {
      var proof = new ClusterProof(machines, hop, Integer.parseInt(options.get("rate")));
      balances = proof.run(options.get("only"), Integer.parseInt(options.get("rounds")));
    }
    System.out.println(balances ? "it balances" : "IT DOES NOT BALANCE; see " + directory);
    System.exit(balances ? 0 : 1);
  }

  private static String all() {
    return Arrays.stream(Mishap.values()).map(Mishap::word).collect(joining(","));
  }

  private boolean run(String only, int rounds) throws Exception {
    List<Mishap> mishaps =
        Arrays.stream(only.split(","))
            .map(word -> Mishap.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
            .toList();
    machines.start(Machines.PEERS.toArray(String[]::new));
    machines.start(Machines.NODES.toArray(String[]::new));
    warm();
    for (int round = 0; round < rounds; round++) {
      for (Mishap mishap : mishaps) {
        round(mishap, round);
      }
    }
    results.forEach(this::summary);
    return balances;
  }

  /// The first mail of a process that was just started takes long.
  private void warm() throws Exception {
    awaitWell();
    var clients =
        new Clients("warm", Machines.SMTP).start(addresses(Machines.NODES), CLIENTS, rate);
    Thread.sleep(BEFORE);
    clients.end();
    settle(clients.offers());
    say("warm: %d answered 250", clients.accepted().size());
  }

  private void round(Mishap mishap, int round) throws Exception {
    var scene = new Mishap.Scene(machines, round);
    mishap.prepare(scene);
    awaitWell();
    hop.clear();
    String name = mishap.word() + round;
    long start = System.nanoTime();
    List<Clients> clients = clients(name, mishap, scene);
    try {
      Thread.sleep(BEFORE);
      mishap.happen(scene);
      Thread.sleep(AFTER);
    } finally {
      for (Clients each : clients) {
        each.end();
      }
    }
    machines.awaitReady(Machines.NODES);
    List<Clients.Offer> offers = clients.stream().flatMap(one -> one.offers().stream()).toList();
    settle(offers);
    var reckoning = Reckoning.of(offers, hop, scene, start);
    results.computeIfAbsent(mishap, _ -> new ArrayList<>()).add(reckoning);
    balances &= reckoning.balances();
    tell(name, scene, reckoning);
    mishap.restore(scene);
  }

  /// Some on each side, where there are two.
  private List<Clients> clients(String name, Mishap mishap, Mishap.Scene scene) {
    if (mishap != Mishap.SIDE) {
      return List.of(
          new Clients(name, Machines.SMTP).start(addresses(Machines.NODES), CLIENTS, rate));
    }
    return List.of(
        new Clients(name + "-a", Machines.SMTP)
            .start(addresses(List.of(scene.victim)), CLIENTS / 3, rate / 3),
        new Clients(name + "-b", Machines.SMTP)
            .start(addresses(scene.others()), CLIENTS * 2 / 3, rate * 2 / 3));
  }

  private static List<String> addresses(List<String> nodes) {
    return nodes.stream().map(Machines::address).toList();
  }

  /// All nodes take mail, and have a copy of all of it.
  private void awaitWell() throws InterruptedException {
    long end = System.nanoTime() + TO_SETTLE.toNanos();
    machines.awaitReady(Machines.NODES);
    while (!Machines.NODES.stream().allMatch(Machines::isCopied)) {
      if (System.nanoTime() > end) {
        say("not every node has a copy of its mail");
        balances = false;
        return;
      }
      Thread.sleep(LOOK);
    }
  }

  /// Waits until the queues are empty and all that was accepted has come, and for what may come
  /// twice.
  private void settle(List<Clients.Offer> offers) throws InterruptedException {
    List<String> accepted =
        offers.stream()
            .filter(one -> one.outcome() == Clients.Outcome.ACCEPTED)
            .map(Clients.Offer::sequence)
            .toList();
    long end = System.nanoTime() + TO_SETTLE.toNanos();
    while (System.nanoTime() < end && !(accepted.stream().allMatch(hop::has) && empty())) {
      Thread.sleep(LOOK);
    }
    if (!empty()) {
      say("the queues are not empty: %s", depths());
      balances = false;
    }
  }

  private static boolean empty() {
    return Machines.NODES.stream()
        .allMatch(node -> Machines.figure(node, "caravan_queue_depth") == 0);
  }

  private static String depths() {
    return Machines.NODES.stream()
        .map(node -> node + " " + Machines.figure(node, "caravan_queue_depth"))
        .collect(joining(", "));
  }

  private void tell(String name, Mishap.Scene scene, Reckoning reckoning) throws Exception {
    say("%s (%s): %s", name, scene.victim, reckoning);
    tell("lost", reckoning.lost());
    tell("changed", reckoning.changed());
    tell("doubled", reckoning.doubled());
    tell("begun without a lock", reckoning.forbidden());
    tell("", scene.notes);
    reckoning.refusals().entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(8)
        .forEach(one -> System.out.println("    " + one.getValue() + " x " + one.getKey()));
    complain();
  }

  private static void tell(String what, List<String> items) {
    items.stream().limit(10).forEach(item -> System.out.println("    " + what + " " + item));
  }

  /// What nodes have logged since the last time that is not as it should be.
  private void complain() throws Exception {
    for (String node : Machines.NODES) {
      List<String> all = machines.complaints(node);
      all.stream()
          .skip(complaints.getOrDefault(node, 0))
          .filter(line -> line.contains("ERROR"))
          .limit(4)
          .forEach(line -> System.out.println("    " + node + ": " + first(line)));
      complaints.put(node, all.size());
    }
  }

  private static String first(String line) {
    return line.substring(0, Math.min(MOST, line.length()));
  }

  private void summary(Mishap mishap, List<Reckoning> of) {
    System.out.printf(
        Locale.ROOT,
        "%s, %d rounds: %,d answered 250, %d lost, %d doubled (%d by two nodes), %d begun without a"
            + " lock; %s, %s, %s, %s, %s%n",
        mishap.word(),
        of.size(),
        of.stream().mapToInt(Reckoning::accepted).sum(),
        of.stream().mapToInt(one -> one.lost().size()).sum(),
        of.stream().mapToInt(one -> one.doubled().size()).sum(),
        of.stream().mapToLong(Reckoning::byTwoNodes).sum(),
        of.stream().mapToInt(one -> one.forbidden().size()).sum(),
        times("first 250", of, Reckoning::first),
        times("gap of 250s", of, Reckoning::gap),
        times("at another node", of, Reckoning::survivors),
        times("what was queued came", of, Reckoning::late),
        times("the first taken over", of, Reckoning::taken));
  }

  private static String times(String what, List<Reckoning> of, ToDoubleFunction<Reckoning> time) {
    List<Double> sorted = of.stream().map(time::applyAsDouble).sorted().toList();
    return String.format(
        Locale.ROOT,
        "%s p50 %.1f s worst %.1f s",
        what,
        Reckoning.middle(sorted),
        sorted.getLast());
  }

  private void say(String text, Object... of) {
    Pulse.say(begun, text, of);
  }
}
