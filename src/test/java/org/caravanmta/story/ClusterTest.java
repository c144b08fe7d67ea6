package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.dns.ZoneServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Three nodes of a cluster: what one has accepted is delivered, whatever becomes of it.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("three nodes")
class ClusterTest {
  @TempDir Path directory;

  private ThreeNodes nodes(Sink sink, String... more) throws Exception {
    return new ThreeNodes(directory, settings(sink, more));
  }

  private static String[] settings(Sink sink, String... more) {
    var settings =
        new ArrayList<>(
            List.of(
                "delivery.relayhost=[127.0.0.1]:" + sink.port,
                "queue.lanes=[1s]",
                "content.inline-limit=1KiB"));
    settings.addAll(List.of(more));
    return settings.toArray(String[]::new);
  }

  @Test
  void theMailOfANodeThatIsKilledIsDeliveredByAnother() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      // what is deferred, too, and of bodies that are not in the queue message
      sink.rcptReply = "450 4.2.1 not now";
      var load =
          new Load("killed", 2000).start(nodes.node(1).smtp(), 4, 60, "joe@elsewhere.example");
      load.join();
      assertThat(load.accepted).hasSize(60);
      nodes.server(1).kill();
      sink.rcptReply = "250 2.1.5 Ok";
      Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
      assertThat(account.balances()).as(account.toString()).isTrue();
      // and is not delivered once more when that one is there again
      nodes.startAgain(1);
      nodes.awaitCopies(1);
      var more = new Load("after", 2000).start(nodes.node(1).smtp(), 1, 5, "joe@elsewhere.example");
      more.join();
      assertThat(Account.settled(more, sink, ThreeNodes.PATIENCE).once()).isEqualTo(5);
      assertThat(Account.of(load, sink)).isEqualTo(account);
      assertThat(account.moreThanOnce()).isZero();
      assertThat(nodes.server(1).says("messages of ours were taken over by other nodes")).isTrue();
    }
  }

  @Test
  void nothingIsLostWhenNodesAreKilledUnderLoad() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      var loads = new ArrayList<Load>();
      for (int i = 1; i <= 3; i++) {
        loads.add(
            new Load("n" + i, 3000)
                .start(nodes.node(i).smtp(), 3, Integer.MAX_VALUE, "joe@elsewhere.example"));
      }
      for (int i = 1; i <= 3; i++) {
        Load load = loads.get(i - 1);
        int enough = load.accepted.size() + 100;
        await().atMost(ThreeNodes.PATIENCE).until(() -> load.accepted.size() > enough);
        nodes.server(i).kill();
        nodes.startAgain(i);
        nodes.awaitCopies(i);
      }
      for (Load load : loads) {
        load.end();
      }
      for (Load load : loads) {
        Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
        assertThat(account.balances()).as(account.toString()).isTrue();
        assertThat(account.moreThanOnce()).as(account.toString()).isLessThan(account.once());
      }
    }
  }

  @Test
  void aNodeThatWasStoppedForLongBeginsAgainWithoutWhatOthersHaveDelivered() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink, "queue.lanes=[30s]")) {
      sink.rcptReply = "450 4.2.1 not now";
      var load = new Load("hung", 2000).start(nodes.node(2).smtp(), 2, 20, "joe@elsewhere.example");
      load.join();
      nodes.signal(2, "STOP");
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(
              () ->
                  nodes.server(1).says("messages of n2 are on the queues")
                      || nodes.server(3).says("messages of n2 are on the queues"));
      nodes.signal(2, "CONT");
      await().atMost(ThreeNodes.PATIENCE).until(() -> nodes.server(2).says("ready again"));
      assertThat(nodes.server(2).ask("queue", "list", "--here")).contains("empty");
      sink.rcptReply = "250 2.1.5 Ok";
      Account account = Account.settled(load, sink, Duration.ofSeconds(90));
      assertThat(account.once()).as(account.toString()).isEqualTo(20);
    }
  }

  @Test
  void aNodeThatIsDrainedLeavesItsMailToTheOthers() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink, "queue.lanes=[30s]")) {
      sink.rcptReply = "450 4.2.1 not now";
      var load =
          new Load("drained", 2000).start(nodes.node(3).smtp(), 1, 10, "joe@elsewhere.example");
      load.join();
      assertThat(nodes.server(1).ask("node", "drain", "n3")).contains("n3 is being drained");
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> nodes.server(1).ask("node", "list").contains("n3           drained"));
      assertThat(nodes.server(3).alive()).isTrue();
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(
              () ->
                  nodes.server(1).says("10 messages of n3 are on the queues of this node")
                      || nodes.server(2).says("10 messages of n3 are on the queues of this node"));
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> nodes.server(3).says("it waits for caravan node resume n3"));
      assertThat(nodes.server(3).ask("node", "resume")).isEqualTo("n3 takes part again\n");
      await().atMost(ThreeNodes.PATIENCE).until(() -> nodes.server(3).says("ready again"));
      assertThat(nodes.server(3).ask("queue", "list", "--here")).contains("empty");
      sink.rcptReply = "250 2.1.5 Ok";
      Account account = Account.settled(load, sink, Duration.ofSeconds(90));
      assertThat(account.once()).as(account.toString()).isEqualTo(10);
    }
  }

  @Test
  void theOperatorsVerbsActOnAllNodes() throws Exception {
    try (var sink = Sink.start();
        // so long that nobody takes over the mail of the one that is away at the end
        var nodes = nodes(sink, "queue.lanes=[1h]", "cluster.session=40s")) {
      sink.rcptReply = "450 4.2.1 not now";
      var one = new Load("one", 2000).start(nodes.node(1).smtp(), 1, 3, "joe@elsewhere.example");
      var two = new Load("two", 2000).start(nodes.node(2).smtp(), 1, 2, "joe@elsewhere.example");
      one.join();
      two.join();
      var ids = new ArrayList<>(one.ids.values());
      ids.addAll(two.ids.values());
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> nodes.server(3).ask("queue", "count").contains("deferred.1h"));
      await()
          .atMost(ThreeNodes.PATIENCE)
          .untilAsserted(
              () -> assertThat(nodes.server(3).ask("queue", "list")).contains(ids).contains("450"));
      assertThat(nodes.server(3).ask("queue", "list").lines())
          .filteredOn(line -> line.contains("[deferred.1h"))
          .hasSize(5)
          .allMatch(line -> line.matches(".*, at n[12]]"))
          .anyMatch(line -> line.endsWith(", at n1]"))
          .anyMatch(line -> line.endsWith(", at n2]"));
      assertThat(nodes.server(3).ask("queue", "list", "--json").lines())
          .hasSize(5)
          .allMatch(line -> line.matches(".*\"node\": ?\"n[12]\".*"));
      assertThat(nodes.server(1).ask("queue", "list", "--here")).doesNotContain(", at n");
      assertThat(nodes.server(3).ask("queue", "list", "--here")).contains("empty");
      assertThat(nodes.server(3).ask("queue", "count").lines())
          .filteredOn(line -> line.startsWith("deferred.1h"))
          .singleElement()
          .matches(line -> line.matches("deferred.1h +5 .*"));
      // of another node, and of one that is nowhere
      String held = two.ids.values().iterator().next();
      nodes.server(3).ask("queue", "hold", held);
      assertThat(nodes.server(2).ask("queue", "list", "--here", "hold")).contains(held);
      assertThat(nodes.server(1).ask("queue", "list", "hold")).contains(held);
      assertThat(nodes.server(3).command("queue", "show", held)).contains("Subject: two-");
      nodes.server(3).commandThatEnds(1, "queue", "hold", "4jdYrJ0ctyz07hVv");
      nodes.server(1).ask("stage", "stop", "delivery.smtp");
      for (int i = 1; i <= 3; i++) {
        assertThat(nodes.server(i).ask("stage", "list", "--here"))
            .containsPattern("delivery.smtp +stopped");
      }
      nodes.server(2).ask("stage", "start", "delivery.smtp");
      sink.rcptReply = "250 2.1.5 Ok";
      nodes.server(3).ask("queue", "release", held);
      nodes.server(3).ask("queue", "flush");
      for (Load load : List.of(one, two)) {
        Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
        assertThat(account.once()).as(account.toString()).isEqualTo(account.answered());
      }
      // one that is away is named as long as nobody has its mail
      nodes.signal(2, "STOP");
      assertThat(nodes.server(3).commandThatEnds(1, "queue", "list"))
          .containsOnlyOnce("n2 does not answer")
          .doesNotContain("n2 is away");
      assertThat(nodes.server(3).commandThatEnds(1, "queue", "cat", "4jdYrJ0ctyz07hVv"))
          .containsOnlyOnce("n2 does not answer");
      nodes.signal(2, "CONT");
    }
  }

  @Test
  void inWhatTheSettingsOfTheNodesDifferIsSaid() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      String heading = "NOT THE SAME";
      assertThat(nodes.server(1).ask("node", "list")).contains("n3 ").doesNotContain(heading);
      nodes.server(3).kill();
      nodes.startAgain(3, "limits.connection-rate=77", "limits.message-rate=78");
      nodes.awaitCopies(3);
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> nodes.server(1).says("the nodes have different settings"));
      assertThat(nodes.server(1).ask("node", "list").lines())
          .containsSubsequence(
              heading + " ".repeat(25) + "NODES THAT HAVE THE SAME",
              "limits.connection-rate" + " ".repeat(15) + "n1, n2 | n3",
              "limits.message-rate" + " ".repeat(18) + "n1, n2 | n3")
          .hasSize(4 + 4);
    }
  }

  /// One that had mail on its queues before.
  @Test
  void aSingleServerBecomesANode() throws Exception {
    try (var sink = Sink.start()) {
      sink.rcptReply = "450 4.2.1 not now";
      Load load;
      var alone = new ArrayList<String>();
      List.of(settings(sink)).forEach(setting -> alone.addAll(List.of("--set", setting)));
      try (var single =
          Server.launch(
              Ports.free(),
              Ports.free(),
              ThreeNodes.data(directory, 1),
              "-Xmx256m",
              alone.toArray(String[]::new))) {
        await().atMost(ThreeNodes.PATIENCE).until(() -> single.says("ready"));
        load = new Load("single", 2000).start(single.smtp, 2, 10, "joe@elsewhere.example");
        load.join();
        single.terminate();
      }
      assertThat(load.accepted).hasSize(10);
      try (var nodes = nodes(sink)) {
        nodes.killAndAwaitTakeOver(1);
        sink.rcptReply = "250 2.1.5 Ok";
        Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
        assertThat(account.once()).as(account.toString()).isEqualTo(10);
      }
    }
  }

  @Test
  void clocksMayDifferByADay() throws Exception {
    Optional<Path> faketime = faketime();
    assumeTrue(faketime.isPresent(), "SKIPPED: no libfaketime (Debian: faketime)");
    try (var sink = Sink.start();
        var nodes =
            new ThreeNodes(
                directory,
                Map.of(2, clock(faketime.get(), "+1d"), 3, clock(faketime.get(), "-1d")),
                settings(sink))) {
      sink.rcptReply = "450 4.2.1 not now";
      var loads = new ArrayList<Load>();
      for (int i = 1; i <= 3; i++) {
        loads.add(
            new Load("clock-" + i, 2000)
                .start(nodes.node(i).smtp(), 2, 10, "joe@elsewhere.example"));
      }
      for (Load load : loads) {
        load.join();
        assertThat(load.accepted).hasSize(10);
      }
      String ahead = nodes.server(1).ask("node", "list");
      assertThat(days(ahead)).hasSize(3).doesNotHaveDuplicates();
      // its copies wait for a time that is a day away at all others
      nodes.killAndAwaitTakeOver(2);
      sink.rcptReply = "250 2.1.5 Ok";
      for (Load load : loads) {
        Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
        assertThat(account.balances()).as(account.toString()).isTrue();
      }
      // and what it has itself was delivered long ago
      nodes.startAgain(2);
      nodes.awaitCopies(2);
      assertThat(nodes.server(2).ask("queue", "list", "--here")).contains("empty");
      nodes.killAndAwaitTakeOver(3);
      var after =
          new Load("after", 2000).start(nodes.node(2).smtp(), 2, 10, "joe@elsewhere.example");
      after.join();
      assertThat(Account.settled(after, sink, ThreeNodes.PATIENCE).once()).isEqualTo(10);
    }
  }

  private static Optional<Path> faketime() throws IOException {
    try (Stream<Path> libraries = Files.list(Path.of("/usr/lib"))) {
      return libraries
          .map(each -> each.resolve("faketime/libfaketime.so.1"))
          .filter(Files::exists)
          .findFirst();
    }
  }

  /// The time of day of a process is another one, and what measures time is not.
  private static Map<String, String> clock(Path faketime, String off) {
    return Map.of(
        "LD_PRELOAD",
        faketime.toString(),
        "FAKETIME",
        off,
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // with it, every wait of the JVM ends at once
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0",
        "NO_FAKE_STAT",
        "1");
  }

  /// The day since which each node has been up, by its own clock.
  private static List<String> days(String nodes) {
    return Pattern.compile(" (\\d{4}-\\d\\d-\\d\\d)T")
        .matcher(nodes)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void aNodeThatHasLostItsDiskTakesPartAgain() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      sink.rcptReply = "450 4.2.1 not now";
      var load = new Load("lost", 2000).start(nodes.node(1).smtp(), 2, 10, "joe@elsewhere.example");
      load.join();
      // at once, before anybody has seen that it is gone, and once others have its mail
      for (boolean atOnce : new boolean[] {true, false}) {
        if (!atOnce) {
          nodes.killAndAwaitTakeOver(1);
          nodes.server(2).command("queue", "suspend", "--domain", "away.example");
        }
        nodes.wipe(1);
        nodes.awaitCopies(1);
      }
      assertThat(nodes.server(1).ask("queue", "suspensions", "--here")).contains("away.example");
      sink.rcptReply = "250 2.1.5 Ok";
      var more = new Load("new", 2000).start(nodes.node(1).smtp(), 1, 5, "joe@elsewhere.example");
      more.join();
      for (Load each : List.of(load, more)) {
        Account account = Account.settled(each, sink, ThreeNodes.PATIENCE);
        assertThat(account.once()).as(account.toString()).isEqualTo(each.accepted.size());
        assertThat(account.balances()).as(account.toString()).isTrue();
      }
    }
  }

  @Test
  void aDestinationGetsNoMoreFromThreeNodesThanFromOne() throws Exception {
    try (var dns = ZoneServer.start("hop A 127.0.0.1\n", "example.");
        var sink = Sink.start();
        var nodes =
            nodes(
                sink,
                "dns.servers=['" + dns.address() + "']",
                "delivery.relayhost=[hop.example]:" + sink.port,
                "delivery.concurrency=6")) {
      sink.willing = new CountDownLatch(1);
      var loads = new ArrayList<Load>();
      for (int i = 1; i <= 3; i++) {
        loads.add(
            new Load("n" + i, 1000).start(nodes.node(i).smtp(), 3, 30, "joe@elsewhere.example"));
      }
      for (Load load : loads) {
        load.join();
      }
      await().atMost(ThreeNodes.PATIENCE).until(() -> sink.waiting.get() == 6);
      await()
          .during(Duration.ofSeconds(3))
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> sink.waiting.get() == 6);
      sink.willing.countDown();
      for (Load load : loads) {
        assertThat(Account.settled(load, sink, ThreeNodes.PATIENCE).once()).isEqualTo(30);
      }
    }
  }

  /// Whoever has taken it over is killed at once, too: it may have told its own keeper or not.
  @Test
  void mailThatIsTakenOverTwiceIsDeliveredOnce() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      var load = loadOfTheFirst(sink, nodes);
      int taker = killBoth(nodes);
      nodes.startAgain(taker);
      nodes.awaitCopies(1);
      nodes.awaitCopies(taker);
      sink.rcptReply = "250 2.1.5 Ok";
      Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
      assertThat(account.once()).as(account.toString()).isEqualTo(20);
      var more = new Load("more", 2000).start(nodes.node(1).smtp(), 1, 5, "joe@elsewhere.example");
      more.join();
      assertThat(Account.settled(more, sink, ThreeNodes.PATIENCE).once()).isEqualTo(5);
      assertThat(Account.of(load, sink)).isEqualTo(account);
    }
  }

  /// Likewise, and its disk is lost: nobody waits for ever for what it had.
  @Test
  void whoHasLostTheMailOfAnotherIsNotWaitedFor() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      var load = loadOfTheFirst(sink, nodes);
      int taker = killBoth(nodes);
      nodes.wipe(taker);
      nodes.awaitCopies(1);
      nodes.awaitCopies(taker);
      sink.rcptReply = "250 2.1.5 Ok";
      Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
      assertThat(account.balances()).as(account.toString()).isTrue();
    }
  }

  /// Likewise, and it is never there again.
  @Test
  void whoIsForgottenIsNotWaitedFor() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      var load = loadOfTheFirst(sink, nodes);
      int taker = killBoth(nodes);
      Server third = nodes.server(5 - taker);
      await()
          .atMost(ThreeNodes.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(third.ask("node", "forget", "n" + taker))
                      .isEqualTo("n" + taker + " is forgotten\n"));
      nodes.awaitCopies(1);
      sink.rcptReply = "250 2.1.5 Ok";
      Account account = Account.settled(load, sink, ThreeNodes.PATIENCE);
      assertThat(account.balances()).as(account.toString()).isTrue();
      assertThat(third.ask("node", "list")).doesNotContain("n" + taker + " ");
      assertThat(third.commandThatEnds(2, "node", "forget", "n1")).contains("n1 takes part");
    }
  }

  private static Load loadOfTheFirst(Sink sink, ThreeNodes nodes) throws Exception {
    sink.rcptReply = "450 4.2.1 not now";
    var load = new Load("twice", 2000).start(nodes.node(1).smtp(), 2, 20, "joe@elsewhere.example");
    load.join();
    assertThat(load.accepted).hasSize(20);
    return load;
  }

  /// n1 is killed, and whoever has just taken over its mail; n1 begins again.
  ///
  /// @return the number of the other
  private static int killBoth(ThreeNodes nodes) throws Exception {
    nodes.server(1).kill();
    String taken = "messages of n1 are on the queues of this node";
    await()
        .atMost(ThreeNodes.PATIENCE)
        .until(() -> nodes.server(2).says(taken) || nodes.server(3).says(taken));
    int taker = nodes.server(2).says(taken) ? 2 : 3;
    nodes.server(taker).kill();
    nodes.startAgain(1);
    return taker;
  }

  @Test
  void withoutCopiesMailStaysWhereItWasTaken() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink, "cluster.copies=1")) {
      sink.rcptReply = "450 4.2.1 not now";
      var load = new Load("one", 2000).start(nodes.node(1).smtp(), 1, 5, "joe@elsewhere.example");
      load.join();
      assertThat(load.accepted).hasSize(5);
      for (int i = 1; i <= 3; i++) {
        assertThat(nodes.server(i).says("keeps the copies")).isFalse();
        assertThat(nodes.server(i).says("are kept here")).isFalse();
      }
      sink.rcptReply = "250 2.1.5 Ok";
      assertThat(Account.settled(load, sink, ThreeNodes.PATIENCE).once()).isEqualTo(5);
    }
  }

  @Test
  void aNodeAloneTakesNoMailAndBeginsNothing() throws Exception {
    try (var sink = Sink.start();
        var nodes = nodes(sink)) {
      nodes.server(2).kill();
      nodes.server(3).kill();
      var load = new Load("alone", 2000).start(nodes.node(1).smtp(), 1, 3, "joe@elsewhere.example");
      load.join();
      assertThat(load.accepted).isEmpty();
      assertThat(load.otherReplies).hasSize(3).allMatch(reply -> reply.startsWith("451 4.3.0"));
      assertThat(nodes.server(1).says("Failed delivery")).isFalse();
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> nodes.server(1).ask("node", "list").contains("n1           no-keeper"));
      assertThat(nodes.server(1).says("cluster: no other node keeps copies of the mail")).isTrue();
      nodes.startAgain(2);
      nodes.awaitCopies(1);
      var more = new Load("again", 2000).start(nodes.node(1).smtp(), 1, 3, "joe@elsewhere.example");
      more.join();
      assertThat(Account.settled(more, sink, ThreeNodes.PATIENCE).once()).isEqualTo(3);
      // what was refused is nowhere
      assertThat(sink.arrived.keySet()).noneMatch(sequence -> sequence.startsWith("alone"));
    }
  }
}
