package org.caravanmta.cluster.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Demand;
import org.caravanmta.share.Portion;
import org.caravanmta.share.Sharer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How an owner divides a limit: never more than there is, all of it to whoever wants it.
class BookTest {
  private static final Set<String> NODES = new TreeSet<>(Set.of("n1", "n2", "n3"));

  private final AtomicLong now = new AtomicLong(1_000_000_000L);
  private final Book book = new Book(now::get);
  private final Map<String, Node> nodes = new TreeMap<>();

  /// A node that begins tasks as its part allows it.
  private final class Node implements Sharer {
    private final String name;
    private final OwnShare share;
    private int atWork;
    private int waiting;

    Node(String name, CommonLimit limit) {
      this.name = name;
      this.share = new OwnShare("smtp/example.net", limit, NODES, this, _ -> {}, _ -> {});
    }

    @Override
    public Demand demand() {
      return new Demand(atWork, atWork + waiting, Duration.ZERO);
    }

    @Override
    public void granted(Portion portion) {}

    void begin() {
      if (waiting > 0 && atWork < share.part().places()) {
        waiting--;
        atWork++;
      }
    }

    /// Asks, while tasks begin at any time.
    void ask(Runnable meanwhile) {
      share.want();
      Report report = share.report(NODES.size());
      meanwhile.run();
      List<Portion> answer = book.answer(name, NODES, List.of(report));
      meanwhile.run();
      share.answered(report, answer.getFirst());
    }
  }

  private void nodes(CommonLimit limit) {
    NODES.forEach(name -> nodes.put(name, new Node(name, limit)));
    // each is heard of
    nodes.values().forEach(node -> node.ask(() -> {}));
  }

  private void ask(int rounds) {
    for (int i = 0; i < rounds; i++) {
      now.addAndGet(200_000_000L);
      nodes.values().forEach(node -> node.ask(() -> {}));
    }
  }

  private List<Integer> places() {
    return nodes.values().stream().map(node -> node.share.part().places()).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 11, 12, 20, 100})
  void neverIsMoreAtWorkThanTheLimit(int most) {
    var random = new Random(most);
    nodes(new CommonLimit(most, false));
    int highest = 0;
    for (int i = 0; i < 20_000; i++) {
      now.addAndGet(random.nextLong(300_000_000L));
      for (Node node : nodes.values()) {
        if (random.nextInt(4) == 0) {
          node.waiting = random.nextInt(2) * random.nextInt(2 * most + 1);
        }
        if (random.nextBoolean()) {
          node.atWork = random.nextInt(node.atWork + 1);
        }
        node.ask(() -> nodes.values().forEach(Node::begin));
        int atWork = nodes.values().stream().mapToInt(one -> one.atWork).sum();
        assertThat(atWork).isLessThanOrEqualTo(most);
        highest = Math.max(highest, atWork);
      }
    }
    assertThat(highest).isEqualTo(most);
  }

  @Test
  void oneNodeThatWantsItHasAllButWhatOthersHaveUnasked() {
    nodes(new CommonLimit(20, false));
    assertThat(places()).containsExactly(1, 1, 1);
    nodes.get("n2").waiting = 50;
    ask(2);
    assertThat(places()).containsExactly(1, 18, 1);
    nodes.get("n2").waiting = 0;
    ask(2);
    assertThat(places()).containsExactly(1, 1, 1);
  }

  @Test
  void thoseWhoWantAsMuchHaveAsMuch() {
    nodes(new CommonLimit(20, false));
    nodes.get("n1").waiting = 50;
    ask(2);
    nodes.get("n2").waiting = 50;
    nodes.get("n3").waiting = 3;
    ask(4);
    // of the 17 that are asked for, n3 wants two more than its one
    assertThat(places().get(2)).isEqualTo(3);
    assertThat(places().get(0) + places().get(1)).isEqualTo(17);
    assertThat(Math.abs(places().get(0) - places().get(1))).isEqualTo(1);
  }

  @Test
  void oneThatIsTooFewForAllGoesRound() {
    nodes(new CommonLimit(1, true));
    nodes.values().forEach(node -> node.waiting = 100);
    var had = new TreeSet<Integer>();
    for (int i = 0; i < 60; i++) {
      ask(1);
      assertThat(places().stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(1);
      had.add(places().indexOf(1));
    }
    assertThat(had).contains(0, 1, 2);
  }

  @Test
  void aRestGoesOnOnAnotherNode() {
    var limit = new CommonLimit(1, true);
    nodes(limit);
    Duration rest = Duration.ofMinutes(10);
    book.answer("n1", NODES, List.of(new Report("x", limit, 0, new Demand(0, 0, rest))));
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    for (String node : NODES) {
      book.answer(node, NODES, List.of());
    }
    Portion portion =
        book.answer(
                "n2", NODES, List.of(new Report("x", limit, 0, new Demand(0, 1, Duration.ZERO))))
            .getFirst();
    assertThat(portion).isEqualTo(new Portion(1, 1, Duration.ofMinutes(9), true));
  }

  /// What it will have when it divides evenly is kept for it.
  @Test
  void aNodeThatIsNotHeardOfKeepsAnEvenPart() {
    nodes(new CommonLimit(30, false));
    Node one = nodes.get("n1");
    one.waiting = 100;
    for (int i = 0; i < 20; i++) {
      now.addAndGet(200_000_000L);
      one.ask(() -> {});
      nodes.get("n2").ask(() -> {});
    }
    assertThat(places().get(0)).isEqualTo(30 - 10 - 1);
  }

  @Test
  void whenOwnersAreAwayAllHaveJustTheLimit() {
    for (int most = 1; most < 50; most++) {
      var limit = new CommonLimit(most, false);
      int sum = 0;
      for (String node : NODES) {
        sum += Owners.even("smtp/example.net", limit, NODES, node);
      }
      assertThat(sum).isEqualTo(most);
    }
  }

  @Test
  void eachNodeOwnsItsPartOfTheLimits() {
    var owned = new TreeMap<String, Integer>();
    for (int i = 0; i < 3000; i++) {
      owned.merge(Owners.of("smtp/d" + i + ".example", NODES).getFirst(), 1, Integer::sum);
    }
    assertThat(owned.values()).hasSize(3).allMatch(count -> count > 900 && count < 1100);
  }

  @Test
  void whatNobodyWantsIsForgotten() {
    nodes(new CommonLimit(20, false));
    now.addAndGet(Duration.ofSeconds(20).toNanos());
    book.answer("n1", NODES, List.of());
    assertThat(book.size()).isZero();
  }
}
