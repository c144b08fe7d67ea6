package org.caravanmta.queue.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravanmta.message.Content;
import org.caravanmta.message.Wire;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class CopiesTest {
  @TempDir Path directory;

  private CopyNode one;
  private CopyNode two;
  private CopyNode three;

  @BeforeEach
  void start() throws Exception {
    one = new CopyNode(directory.resolve("one"), "one", true);
    two = new CopyNode(directory.resolve("two"), "two", true);
    three = new CopyNode(directory.resolve("three"), "three", true);
    one.others.add(two);
    one.others.add(three);
    one.copies.start();
  }

  @AfterEach
  void end() {
    one.close();
    two.close();
    three.close();
  }

  /// What another has of a node's mail, as it would put it on its queues.
  private static Set<String> kept(CopyNode keeper, CopyNode node) throws Exception {
    var all = new TreeSet<String>();
    for (Mirror mirror : keeper.keeper.of(node.name)) {
      mirror.pass(
          copies ->
              copies.forEach(
                  copy ->
                      all.add(copy.frame().queue() + " " + copy.frame().properties().get("id"))));
    }
    return all;
  }

  @Test
  void mailIsTakenWhenAnotherHasItOnItsDisk() throws Exception {
    String id = CopyNode.id();
    one.accept(CopyNode.frame("routing", id)).get(10, TimeUnit.SECONDS);
    assertThat(one.mail()).containsExactly("routing " + id);
    assertThat(kept(two, one)).containsExactly("routing " + id);
  }

  @Test
  void mailIsNotTakenWithoutACopy() throws Exception {
    two.reluctance = Optional.of("I am busy");
    three.reluctance = Optional.of("I am busy");
    var taken = one.accept(CopyNode.frame("routing", CopyNode.id()));
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> {
              one.expire();
              return taken.isDone();
            });
    assertThatThrownBy(taken::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(QueueUnavailable.class)
        .hasMessageContaining("no other node of the cluster has confirmed a copy");
    assertThat(one.mail()).isEmpty();
    // and not when there is somebody again either
    two.reluctance = Optional.empty();
    await().until(() -> one.copies.keeper().isPresent());
    one.accept(CopyNode.frame("routing", "later")).get(10, TimeUnit.SECONDS);
    assertThat(one.mail()).containsExactly("routing later");
    assertThat(kept(two, one)).containsExactly("routing later");
  }

  @Test
  void mailThatIsWantedWithoutACopyIsTakenWithoutOne() throws Exception {
    try (var alone = new CopyNode(directory.resolve("alone"), "alone", false)) {
      alone.copies.start();
      alone.accept(CopyNode.frame("routing", "a")).get(1, TimeUnit.SECONDS);
      assertThat(alone.mail()).containsExactly("routing a");
      assertThat(alone.ledger.single()).isEqualTo(1);
      assertThat(alone.ledger.withoutCopy()).isEqualTo(1);
      alone.others.add(two);
      await().untilAsserted(() -> assertThat(two.keeper.count("alone")).isEqualTo(1));
      assertThat(alone.ledger.single()).isZero();
    }
  }

  @Test
  void whatIsDeliveredLeavesTheCopiesAndWhatMovesIsThere() throws Exception {
    one.accept(CopyNode.frame("routing", "a")).get(10, TimeUnit.SECONDS);
    one.accept(CopyNode.frame("routing", "b")).get(10, TimeUnit.SECONDS);
    assertThat(one.pass("routing", 2, Optional.of("delivery.smtp"))).isEqualTo(2);
    assertThat(one.pass("delivery.smtp", 1, Optional.empty())).isEqualTo(1);
    assertThat(one.pass("delivery.smtp", 1, Optional.of("deferred.1h"))).isEqualTo(1);
    await().untilAsserted(() -> assertThat(two.keeper.count("one")).isEqualTo(1));
    await()
        .pollDelay(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(one.ledger.lag()).isLessThan(Duration.ofMillis(500)));
    assertThat(kept(two, one)).containsExactly("deferred.1h b");
  }

  @Test
  void theNextNodeKeepsAllWhenOneGoes() throws Exception {
    for (int i = 0; i < 300; i++) {
      one.accept(CopyNode.frame("routing", "m" + i)).get(10, TimeUnit.SECONDS);
    }
    assertThat(one.copies.keeper()).contains("two");
    one.unreachable.add("two");
    one.copies.change();
    one.accept(CopyNode.frame("routing", "after")).get(10, TimeUnit.SECONDS);
    await().untilAsserted(() -> assertThat(three.keeper.count("one")).isEqualTo(301));
    assertThat(one.ledger.single()).isZero();
    assertThat(kept(three, one)).isEqualTo(one.mail());
  }

  @Test
  void aKeeperThatWasAwayIsToldOfAllThatHasHappened() throws Exception {
    for (int i = 0; i < 50; i++) {
      one.accept(CopyNode.frame("routing", "m" + i)).get(10, TimeUnit.SECONDS);
    }
    one.unreachable.add("two");
    one.copies.change();
    await().until(() -> one.copies.keeper().filter("three"::equals).isPresent());
    one.pass("routing", 20, Optional.empty());
    one.pass("routing", 10, Optional.of("delivery.smtp"));
    one.unreachable.clear();
    one.unreachable.add("three");
    one.copies.change();
    await().untilAsserted(() -> assertThat(two.keeper.count("one")).isEqualTo(30));
    await().until(() -> one.ledger.single() == 0);
    assertThat(kept(two, one)).isEqualTo(one.mail());
  }

  @Test
  void largeBodiesAreThereBeforeTheMailIsTaken() throws Exception {
    byte[] body = new byte[300_000];
    new Random(1).nextBytes(body);
    var spool = one.store.create("big");
    spool.write(body);
    Content.Stored stored = spool.finish();
    one.accept(withContent("routing", "big")).get(10, TimeUnit.SECONDS);
    // as routing makes a reference for each destination
    one.store.link(stored, "big-1");
    one.accept(withContent("delivery.smtp", "big-1")).get(10, TimeUnit.SECONDS);
    one.pass("routing", 1, Optional.empty());
    await().untilAsserted(() -> assertThat(two.keeper.count("one")).isEqualTo(1));
    assertThat(two.takeOver(one)).isEqualTo(1);
    assertThat(two.store.read(new Content.Stored("big-1", stored.length(), stored.crc())))
        .hasBinaryContent(body);
    assertThat(two.store.has("big")).isFalse();
    assertThat(two.mail()).containsExactly("delivery.smtp big-1");
  }

  /// Whatever is settled together with what, nothing is told of that has ended.
  @Test
  void nothingIsLeftOfMailThatWentTogether() throws Exception {
    for (int i = 0; i < 6; i++) {
      var spool = one.store.create("body-" + i);
      spool.write(new byte[100_000]);
      spool.finish();
      one.accept(withContent("routing", "body-" + i)).get(10, TimeUnit.SECONDS);
    }
    assertThat(one.pass("routing", 6, Optional.of("delivery.smtp"), 6)).isEqualTo(6);
    assertThat(one.pass("delivery.smtp", 2, Optional.empty(), 2)).isEqualTo(2);
    assertThat(one.pass("delivery.smtp", 3, Optional.empty(), 3)).isEqualTo(3);
    one.copies.settle(Duration.ofSeconds(10));
    assertThat(kept(two, one)).isEqualTo(one.mail()).hasSize(1);
  }

  /// Mail that goes to a lane and comes back has its content under one name all the time.
  @Test
  void contentStaysAsLongAsAnyMessageHasIt() throws Exception {
    var spool = one.store.create("body");
    spool.write(new byte[100_000]);
    spool.finish();
    one.accept(withContent("routing", "body")).get(10, TimeUnit.SECONDS);
    for (int i = 0; i < 3; i++) {
      one.pass("routing", 1, Optional.of("deferred.1m"));
      one.copies.settle(Duration.ofSeconds(10));
      one.pass("deferred.1m", 1, Optional.of("routing"));
      one.copies.settle(Duration.ofSeconds(10));
    }
    assertThat(two.takeOver(one)).isEqualTo(1);
    assertThat(two.store.has("body")).isTrue();
  }

  private static Frame withContent(String queue, String ref) {
    return new Frame(
        queue,
        new byte[] {1, 2, 3},
        Map.of(Frame.ID, ref, Frame.CONTENT, ref, Frame.VERSION, (int) Wire.VERSION),
        true);
  }

  @Test
  void whatIsTakenOverIsNotedAndNotTakenOverTwice() throws Exception {
    for (int i = 0; i < 1200; i++) {
      one.accept(CopyNode.frame("routing", "m" + i));
    }
    one.accept(CopyNode.frame("routing", "last")).get(10, TimeUnit.SECONDS);
    await().until(() -> two.keeper.count("one") == 1201);
    assertThat(two.takeOver(one)).isEqualTo(1201);
    assertThat(two.keeper.count("one")).isZero();
    assertThat(two.mail()).isEqualTo(one.mail());
    var ids = new HashSet<String>();
    for (TakenOver note : Adoption.notes(two.broker, "one")) {
      assertThat(note.source()).isEqualTo(one.broker.journal());
      ids.addAll(note.ids());
    }
    assertThat(ids).hasSize(1201).contains("m0", "m1199", "last");
  }

  @Test
  void aLaneIsNotHeldUpByWhatComesFromElsewhere() throws Exception {
    long now = System.currentTimeMillis();
    one.accept(due("deferred.1h", "late", now + 1_800_000)).get(10, TimeUnit.SECONDS);
    one.accept(due("deferred.1h", "soon", now + 5_000)).get(10, TimeUnit.SECONDS);
    two.takeOver(one);
    assertThat(two.mail()).containsExactly("deferred.1m late", "routing soon");
  }

  private static Frame due(String queue, String id, long due) {
    var properties = new HashMap<>(CopyNode.frame(queue, id).properties());
    properties.put(Frame.DUE, due);
    return new Frame(queue, new byte[] {1}, Map.copyOf(properties), true);
  }

  /// Whatever happens to the connection, and whenever the node ends: for each mail that is on its
  /// queues, and was taken, the keeper has some state of it, and of none that ended long ago.
  @Test
  void thereIsAStateOfEveryMailWheneverTheNodeEnds() throws Exception {
    var random = new Random(4);
    for (int round = 0; round < 60; round++) {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          for (int i = random.nextInt(40); i > 0; i--) {
            one.accept(CopyNode.frame("routing", CopyNode.id())).get(10, TimeUnit.SECONDS);
          }
        }
        case 3 ->
            one.pass("routing", random.nextInt(30), Optional.of("delivery.smtp"), batch(random));
        case 4 -> one.pass("delivery.smtp", random.nextInt(30), Optional.empty(), batch(random));
        default -> one.copies.change();
      }
    }
    var before = ids(one.mail());
    await().until(() -> one.copies.keeper().isPresent());
    boolean isTwo = one.copies.keeper().filter("two"::equals).isPresent();
    two.server.close();
    three.server.close();
    var now = ids(kept(isTwo ? two : three, one));
    var earlier = ids(kept(isTwo ? three : two, one));
    assertThat(before).isNotEmpty();
    // what the present keeper has not got yet is where it was before
    assertThat(union(now, earlier)).containsAll(before);
    now.removeAll(before);
    assertThat(now).hasSizeLessThan(31);
  }

  /// While others keep them in turn, whoever would take over has all that was taken. The mail of
  /// the first node of which another has copies, which goes on.
  private Set<String> copied(CopyNode keeper) {
    List<Mirror> mirrors = keeper.keeper.of(one.name);
    var ids = new TreeSet<String>();
    var copied = new HashSet<Long>();
    mirrors.forEach(each -> each.numbers().forEach(copied::add));
    for (Placed placed : one.placed()) {
      if (copied.contains(placed.number())) {
        ids.add(placed.id().orElseThrow());
      }
    }
    return ids;
  }

  @Test
  @Timeout(120)
  void whoCountsHasAllWhileAnotherIsToKeepThemInstead() throws Exception {
    var taken = ConcurrentHashMap.<String>newKeySet();
    var ended = new AtomicBoolean();
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        senders.submit(
            () -> {
              while (!ended.get() && taken.size() < 900) {
                String id = CopyNode.id();
                one.accept(CopyNode.frame("routing", id)).get(10, TimeUnit.SECONDS);
                taken.add(id);
              }
              return null;
            });
      }
      await().until(() -> !one.counts.isEmpty());
      for (int move = 0; move < 12; move++) {
        CopyNode to = one.counts.equals("two") ? three : two;
        while (!one.counts.equals(to.name)) {
          one.move(to);
          Set<String> before = Set.copyOf(taken);
          CopyNode counts = one.counts.equals("two") ? two : three;
          assertThat(copied(counts)).containsAll(before);
        }
      }
      ended.set(true);
    }
    await().until(() -> one.ledger.single() == 0);
    CopyNode counts = one.counts.equals("two") ? two : three;
    assertThat(kept(counts, one)).isEqualTo(one.mail());
  }

  @Test
  void whoCannotKeepThemInsteadDoesNot() throws Exception {
    one.accept(CopyNode.frame("routing", "a")).get(10, TimeUnit.SECONDS);
    await().until(() -> one.counts.equals("two"));
    three.reluctance = Optional.of("its disk is full");
    one.move(three);
    await().until(() -> one.copies.keeper().filter("two"::equals).isPresent());
    one.accept(CopyNode.frame("routing", "b")).get(10, TimeUnit.SECONDS);
    await().until(() -> one.counts.equals("two"));
    assertThat(copied(two)).containsExactly("a", "b");
    three.server.close();
    one.move(three);
    one.accept(CopyNode.frame("routing", "c")).get(10, TimeUnit.SECONDS);
    assertThat(one.counts).isEqualTo("two");
  }

  private static int batch(Random random) {
    return 1 + random.nextInt(9);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    var all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }

  private static Set<String> ids(Set<String> mail) {
    var ids = new TreeSet<String>();
    mail.forEach(line -> ids.add(line.substring(line.indexOf(' ') + 1)));
    return ids;
  }
}
