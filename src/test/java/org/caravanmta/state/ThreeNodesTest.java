package org.caravanmta.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.caravanmta.state.Triplets.Sighting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three nodes of a cluster at one PostgreSQL database, which all do the same at the same time.
class ThreeNodesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<String> NAMES = List.of("n1", "n2", "n3");

  /// Enough for two of them to meet.
  private static final int ROUNDS = 40;

  /// A node, as far as it remembers anything.
  private record Node(String name, StateOnDemand state) {
    QuarantineIndex index() {
      return new JdbcQuarantine(state, name);
    }

    DigestMemory digests() {
      return new JdbcDigests(state, name);
    }

    Triplets triplets() {
      return new JdbcTriplets(state.store());
    }

    SenderBlocks blocks() {
      return new JdbcBlocks(state, () -> true);
    }
  }

  private interface Deed<T> {
    T of(Node node) throws Exception;
  }

  private List<Node> nodes = List.of();

  @BeforeEach
  void begin() throws Exception {
    String url = Postgres.fresh();
    nodes =
        NAMES.stream()
            .map(
                name ->
                    new Node(name, new StateOnDemand(() -> StateStore.open(url, "postgres", ""))))
            .toList();
    // all of them find a database without tables
    assertThat(together(node -> node.state().store().isReady())).containsOnly(true);
  }

  @AfterEach
  void end() {
    nodes.forEach(node -> node.state().close());
  }

  /// Has each node do it at the same moment.
  private <T> List<T> together(Deed<T> deed) throws Exception {
    var start = new CyclicBarrier(nodes.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<T>>();
      for (Node node : nodes) {
        all.add(
            threads.submit(
                (Callable<T>)
                    () -> {
                      start.await();
                      return deed.of(node);
                    }));
      }
      var results = new ArrayList<T>();
      for (Future<T> each : all) {
        results.add(each.get());
      }
      return results;
    }
  }

  private Node first() {
    return nodes.getFirst();
  }

  private static Quarantined entry(String id, int second, String... recipients) {
    return new Quarantined(
        id,
        List.of(recipients),
        "ann@far.example",
        "mx.far.example[192.0.2.9]",
        "offer",
        1234,
        "milter inet:127.0.0.1:8891",
        "looks odd",
        OptionalDouble.empty(),
        NOON.plusSeconds(second),
        NOON,
        "");
  }

  @Test
  void aFirstAttemptIsNewsToOneOfThemAndSoIsItsReturn() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      var network = "192.0." + i + ".0/24";
      var triplet = new Triplet(network, "ann@far.example", "kim@own.example");
      var seen = new Sighting(NOON, false, NOON.plusSeconds(600));
      assertThat(together(node -> node.triplets().remember(triplet, seen)))
          .as("the first")
          .containsOnlyOnce(true);
      var back = new Sighting(NOON, true, NOON.plus(Duration.ofDays(35)));
      assertThat(
              together(
                  node -> {
                    boolean news = node.triplets().remember(triplet, back);
                    if (news) {
                      node.triplets().returns().count(network, NOON, back.expires());
                    }
                    return news;
                  }))
          .as("the return")
          .containsOnlyOnce(true);
      assertThat(first().triplets().find(triplet, NOON)).hasValue(back);
      assertThat(first().triplets().returns().find(network, NOON).orElseThrow().times())
          .isEqualTo(1);
    }
  }

  /// A node that was slow between its look and its note.
  @Test
  void aLateFirstAttemptDoesNotUndoAReturn() throws Exception {
    var triplet = new Triplet("192.0.2.0/24", "ann@far.example", "kim@own.example");
    var back = new Sighting(NOON, true, NOON.plus(Duration.ofDays(35)));
    nodes.get(0).triplets().remember(triplet, back);
    boolean news =
        nodes
            .get(1)
            .triplets()
            .remember(triplet, new Sighting(NOON.plusSeconds(60), false, NOON.plusSeconds(600)));
    assertThat(news).isFalse();
    assertThat(first().triplets().find(triplet, NOON)).hasValue(back);
  }

  @Test
  void returnsOfAClientAreCountedOnceEach() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      together(
          node -> {
            node.triplets().returns().count("192.0.2.0/24", NOON, NOON.plusSeconds(60));
            return true;
          });
    }
    assertThat(first().triplets().returns().find("192.0.2.0/24", NOON).orElseThrow().times())
        .isEqualTo(3 * ROUNDS);
  }

  @Test
  void theySweepAtTheSameTimeWhileTripletsComeIn() throws Exception {
    for (int i = 0; i < 600; i++) {
      var triplet = new Triplet("192.0.2.0/24", "old" + i, "kim@own.example");
      first().triplets().remember(triplet, new Sighting(NOON, false, NOON.plusSeconds(i % 7)));
    }
    var kept = new Sighting(NOON, true, NOON.plus(Duration.ofDays(35)));
    List<Integer> swept =
        together(
            node -> {
              int all = 0;
              for (int i = 0; i < 200; i++) {
                // those that are swept just now come back
                var triplet = new Triplet("192.0.2.0/24", "old" + i, "kim@own.example");
                node.triplets().remember(triplet, kept);
                all += node.triplets().forgetExpired(NOON.plusSeconds(10), 5);
              }
              return all;
            });
    assertThat(swept.stream().mapToInt(each -> each).sum()).isBetween(400, 600);
    for (int i = 0; i < 200; i++) {
      var triplet = new Triplet("192.0.2.0/24", "old" + i, "kim@own.example");
      assertThat(first().triplets().find(triplet, NOON.plusSeconds(10))).hasValue(kept);
    }
  }

  @Test
  void eachSeesAllOfTheQuarantineAndForgetsItsOwn() throws Exception {
    together(
        node -> {
          for (int i = 0; i < ROUNDS; i++) {
            node.index().remember(entry(node.name() + i, i, "kim@own.example"));
          }
          return true;
        });
    Map<String, Long> byNode = byNode();
    assertThat(byNode).isEqualTo(Map.of("n1", 40L, "n2", 40L, "n3", 40L));
    assertThat(together(node -> node.index().count())).containsOnly((long) ROUNDS);
    Set<String> all = Set.copyOf(parts().keySet());

    nodes.get(1).index().forget(all);
    assertThat(byNode()).isEqualTo(Map.of("n1", 40L, "n3", 40L));
    assertThat(nodes.get(1).index().parts()).isEmpty();
    assertThat(nodes.get(1).index().of("n3" + 7))
        .containsExactly(entry("n37", 7, "kim@own.example").at("n3"));
  }

  private Map<String, String> parts() throws StateUnavailable {
    var all = new TreeMap<String, String>();
    for (Node node : nodes) {
      all.putAll(node.index().parts());
    }
    return all;
  }

  private Map<String, Long> byNode() throws StateUnavailable {
    var all = new ArrayList<Quarantined>();
    first().index().each(all::add);
    return all.stream().collect(Collectors.groupingBy(Quarantined::node, Collectors.counting()));
  }

  @Test
  void whatIsTakenOverChangesItsOwnerAndStaysToldOf() throws Exception {
    var told = new ArrayList<String>();
    for (int i = 0; i < 1200; i++) {
      Quarantined each = entry("m" + i, i, "kim@own.example");
      first().index().remember(each);
      told.add(each.part());
    }
    first().index().remember(entry("kept", 1, "kim@own.example"));
    first().digests().told(Set.copyOf(told));
    Set<String> ids = IntStream.range(0, 1200).mapToObj(i -> "m" + i).collect(Collectors.toSet());

    assertThat(nodes.get(1).index().adopt("n1", ids, "n2")).isEqualTo(1200);
    assertThat(nodes.get(1).index().adopt("n1", ids, "n2")).as("again").isZero();
    assertThat(byNode()).isEqualTo(Map.of("n1", 1L, "n2", 1200L));
    assertThat(nodes.get(2).digests().untold(10).values())
        .extracting(Quarantined::id)
        .containsExactly("kept");

    // found on the queue before it was adopted
    nodes.get(1).index().remember(entry("kept", 1, "kim@own.example"));
    assertThat(byNode()).isEqualTo(Map.of("n2", 1201L));
  }

  /// One tells, one adopts, one notes and forgets: none waits for another in a circle.
  @Test
  void theyChangeTheSameEntriesInAnyOrder() throws Exception {
    List<Quarantined> all =
        IntStream.range(0, 300).mapToObj(i -> entry("m" + i, i, "kim@own.example")).toList();
    for (Quarantined each : all) {
      first().index().remember(each);
    }
    Set<String> ids = all.stream().map(Quarantined::id).collect(Collectors.toSet());
    Set<String> parts = all.stream().map(Quarantined::part).collect(Collectors.toSet());
    together(
        node -> {
          for (int i = 0; i < 10; i++) {
            switch (node.name()) {
              case "n1" -> node.digests().told(parts);
              case "n2" -> {
                node.index().adopt("n1", ids, "n2");
                node.index().adopt("n2", ids, "n1");
              }
              default -> {
                for (Quarantined each : all.reversed().subList(0, 30)) {
                  node.index().remember(each);
                }
                node.index().forget(parts);
              }
            }
          }
          return true;
        });
    assertThat(first().digests().untold(1000)).hasSizeLessThan(31);
    assertThat(byNode().keySet()).doesNotContain("n3");
  }

  @Test
  void ofAllOneSendsTheDigests() throws Exception {
    Instant last = NOON;
    assertThat(together(node -> node.digests().last(NOON))).containsOnly(NOON);
    for (int day = 1; day <= ROUNDS; day++) {
      Instant before = last;
      Instant now = NOON.plus(Duration.ofDays(day));
      assertThat(together(node -> node.digests().claim(before, now))).containsOnlyOnce(true);
      assertThat(first().digests().holds(before, now)).isTrue();
      first().digests().sent(before, now);
      last = now;
    }
  }

  /// It was stopped after its claim, and goes on when another has claimed and sent.
  @Test
  void whoWasStoppedHoldsItsClaimNoMore() throws Exception {
    Instant last = first().digests().last(NOON);
    Instant due = NOON.plus(Duration.ofDays(1));
    assertThat(nodes.get(0).digests().claim(last, due)).isTrue();
    Instant later = due.plus(Duration.ofMinutes(10));
    assertThat(nodes.get(1).digests().claim(last, later)).isTrue();
    assertThat(nodes.get(0).digests().holds(last, due)).isFalse();
    assertThat(nodes.get(1).digests().holds(last, later)).isTrue();
    nodes.get(1).digests().sent(last, later);
    assertThat(nodes.get(0).digests().holds(last, due)).isFalse();
  }

  @Test
  void aSenderIsBlockedAndUnblockedOnce() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      String sender = "spam" + i + ".example";
      assertThat(
              together(node -> node.blocks().add(new BlockedSender(sender, "", node.name(), NOON))))
          .containsOnlyOnce(true);
      assertThat(together(node -> node.blocks().all().size())).containsOnly(1);
      assertThat(together(node -> node.blocks().remove(sender, ""))).containsOnlyOnce(true);
    }
  }

  @Test
  void aLinkThatIsFollowedTwiceIsKeptOnceForWhoeverHasTheMessage() throws Exception {
    nodes.get(1).index().remember(entry("m1", 1, "kim@own.example"));
    together(
        node -> {
          node.digests().followed().keep("m1", "link", NOON.plusSeconds(60));
          return true;
        });
    assertThat(together(node -> node.digests().followed().ours()))
        .containsExactly(List.of(), List.of("link"), List.of());
    nodes.get(2).index().adopt("n2", Set.of("m1"), "n3");
    assertThat(nodes.get(2).digests().followed().ours()).containsExactly("link");
    first().digests().followed().forgetExpired(NOON.plusSeconds(59));
    assertThat(nodes.get(2).digests().followed().ours()).hasSize(1);
    first().digests().followed().forgetExpired(NOON.plusSeconds(60));
    assertThat(nodes.get(2).digests().followed().ours()).isEmpty();
  }

  @Test
  void whatWasNotedBeforeThereWereNodesIsWhoseQueueHasIt() throws Exception {
    var alone = new JdbcQuarantine(first().state(), "");
    alone.remember(entry("m1", 1, "kim@own.example"));
    assertThat(byNode()).isEqualTo(Map.of("", 1L));
    first().index().remember(entry("m1", 1, "kim@own.example"));
    assertThat(byNode()).isEqualTo(Map.of("n1", 1L));
    assertThat(alone.forgetBefore(NOON.plusSeconds(2))).isEqualTo(1);
  }
}
