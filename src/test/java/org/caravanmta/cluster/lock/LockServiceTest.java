package org.caravanmta.cluster.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.cluster.HostPort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Nodes of a cluster that come, go and take each other over, with one peer of the lock service.
class LockServiceTest {
  private static final Duration SESSION = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir static Path shared;
  private static Peers peers;

  @TempDir Path directory;
  private String cluster;
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startPeers() throws Exception {
    peers = new Peers(1, shared);
  }

  @AfterAll
  static void endPeers() {
    peers.close();
  }

  @BeforeEach
  void nameCluster(TestInfo test) {
    cluster = test.getTestMethod().orElseThrow().getName().replaceAll("(?<=.{30}).*", "");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void whoeverAsksPeersOfWhichNoneAnswersIsToldWhichTheyAre() {
    var terms =
        new LockTerms(List.of(new HostPort("127.0.0.1", 1)), cluster, Peers.SECRET, SESSION);
    assertThatThrownBy(() -> LockService.connect(terms, Duration.ofSeconds(1)))
        .isInstanceOf(LocksUnavailable.class)
        .hasMessage(
            "the lock service cannot be reached: none of 127.0.0.1:1 has answered within 1 s");
  }

  @Test
  void aNodeThatHasJoinedHoldsItsLockAndTheOthersSeeIt() throws Exception {
    LockService n1 = connect();
    LockService n2 = connect();
    assertThat(n1.holds()).isFalse();

    assertThat(join(n1, "n1")).isEmpty();
    n1.publish(member("n1", "serving"));
    join(n2, "n2");
    n2.publish(member("n2", "draining"));

    assertThat(n1.holds()).isTrue();
    await().until(() -> n1.members().size() == 2);
    assertThat(n1.members()).containsExactly(member("n1", "serving"), member("n2", "draining"));
  }

  @Test
  void whatANodeSaysOfItselfIsHeardWhenItChanges() throws Exception {
    LockService n1 = connect();
    LockService n2 = connect();
    var heard = new CopyOnWriteArrayList<List<Member>>();
    n2.onChange(() -> heard.add(n2.members()));
    join(n1, "n1");

    n1.publish(member("n1", "serving"));
    await().until(() -> heard.contains(List.of(member("n1", "serving"))));
    n1.publish(member("n1", "draining"));
    await().until(() -> heard.contains(List.of(member("n1", "draining"))));
    n1.close();
    await().until(() -> heard.getLast().isEmpty());
  }

  @Test
  void aProcessThatWasKilledIsSucceededAtOnceByTheNextOfItsDirectory() throws Exception {
    FaultyLink link = link();
    LockService killed = connect(link);
    Mark before = Mark.of(directory);
    killed.join("n1", "n1:1", before, nothing());
    link.cut();

    LockService next = connect();
    long begun = System.nanoTime();
    next.join("n1", "n1:1", Mark.of(directory), nothing());

    assertThat(next.holds()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SESSION.dividedBy(2));
  }

  @Test
  void aProcessOfAnotherBootWaitsUntilTheSessionBeforeItIsOver() throws Exception {
    FaultyLink link = link();
    LockService killed = connect(link);
    join(killed, "n1");
    link.cut();

    LockService next = connect();
    join(next, "n1");

    assertThat(next.holds()).isTrue();
  }

  @Test
  void twoNodesOfOneNameAreToldApart() throws Exception {
    LockService n1 = connect();
    join(n1, "n1");

    LockService clone = connect();
    assertThatThrownBy(() -> join(clone, "n1"))
        .isInstanceOf(NameInUse.class)
        .hasMessage(
            "another node named n1 runs at n1.example.org:2530; cluster.node must be unique (two"
                + " machines cloned from one image?)");
    assertThat(n1.holds()).isTrue();
  }

  @Test
  void aNodeThatLivesIsNotTakenOver() throws Exception {
    LockService n1 = connect();
    LockService n2 = connect();
    join(n1, "n1");
    join(n2, "n2");

    assertThat(n2.takeOver("n1")).isEmpty();
    assertThat(n2.taken("n1")).isEmpty();
    assertThatThrownBy(() -> n2.takeOver("n2")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNodeThatIsGoneIsTakenOverByOneAndReadsOfItWhenItComesAgain() throws Exception {
    LockService n1 = connect();
    LockService n2 = connect();
    LockService n3 = connect();
    join(n1, "n1");
    join(n2, "n2");
    join(n3, "n3");
    n1.close();

    TakeOver takeOver = n2.takeOver("n1").orElseThrow();
    assertThat(takeOver.holds()).isTrue();
    assertThat(n3.takeOver("n1")).isEmpty();
    assertThat(n2.takeOver("n1")).isEmpty();
    Taken begun = n3.taken("n1").orElseThrow();
    assertThat(begun.by()).isEqualTo("n2");
    assertThat(begun.complete()).isFalse();

    LockService again = connect();
    var joined = new CopyOnWriteArrayList<Optional<Taken>>();
    Thread waits = Thread.ofVirtual().start(() -> joined.add(quietly(again)));
    takeOver.complete();
    assertThat(again.holds()).isFalse();
    takeOver.close();
    waits.join(PATIENCE);

    assertThat(joined).containsExactly(Optional.of(new Taken("n2", begun.epoch(), true)));
    assertThat(again.holds()).isTrue();
    again.forget("n1");
    assertThat(n2.taken("n1")).isEmpty();
  }

  @Test
  void whatOneHasBegunAnotherTakesOnlyFromIt() throws Exception {
    LockService n2 = connect();
    LockService n3 = connect();
    join(n2, "n2");
    join(n3, "n3");
    n2.takeOver("n1").orElseThrow().close();

    assertThat(n3.takeOver("n1")).isEmpty();
    assertThat(n3.takeOverFrom("n1", "n4")).isEmpty();
    TakeOver takeOver = n3.takeOverFrom("n1", "n2").orElseThrow();
    assertThat(n2.taken("n1").orElseThrow().by()).isEqualTo("n3");
    takeOver.complete();
    takeOver.close();
    // all of it is done
    assertThat(n2.takeOver("n1")).isEmpty();
    assertThat(n2.takeOverFrom("n1", "n3")).isEmpty();
  }

  @Test
  void aNodeThatCrashedWhileItTookOverTakesOverAgain() throws Exception {
    FaultyLink link = link();
    LockService n2 = connect(link);
    n2.join("n2", "n2:1", Mark.of(directory), nothing());
    TakeOver begun = n2.takeOver("n1").orElseThrow();
    Taken note = n2.taken("n1").orElseThrow();
    link.cut();

    LockService next = connect();
    next.join("n2", "n2:1", Mark.of(directory), nothing());
    TakeOver again = next.takeOver("n1").orElseThrow();

    assertThat(again.holds()).isTrue();
    assertThat(next.taken("n1")).contains(note);
    await().until(() -> !begun.holds());
    again.complete();
    assertThat(next.taken("n1").orElseThrow().complete()).isTrue();
  }

  @Test
  void valuesStayAndAreHeardByAll() throws Exception {
    LockService n1 = connect();
    LockService n2 = connect();
    var heard = new CopyOnWriteArrayList<Map<String, String>>();
    n2.values().onChange(() -> heard.add(n2.values().all()));

    n1.values().set("drained.n2", "alice");
    assertThat(n2.values().get("drained.n2")).contains("alice");
    await().until(() -> heard.contains(Map.of("drained.n2", "alice")));
    n1.values().set("drained.n2", "bob");
    assertThat(n2.values().get("drained.n2")).contains("bob");
    n2.values().remove("drained.n2");
    assertThat(n1.values().get("drained.n2")).isEmpty();
    await().until(() -> n1.values().all().isEmpty());
    assertThatThrownBy(() -> n1.values().set("a/b", "c"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Optional<Taken> quietly(LockService again) {
    try {
      return join(again, "n1");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private LockService connect() throws Exception {
    LockService service =
        LockService.connect(
            new LockTerms(peers.addresses, cluster, Peers.SECRET, SESSION), PATIENCE);
    open.add(service);
    return service;
  }

  private LockService connect(FaultyLink link) throws Exception {
    open.add(link);
    LockService service =
        LockService.connect(
            new LockTerms(List.of(link.address()), cluster, Peers.SECRET, SESSION), PATIENCE);
    open.add(service);
    return service;
  }

  /// To a process that will be killed: then it is silent, and its session goes on for a while.
  private FaultyLink link() throws Exception {
    return new FaultyLink(peers.addresses.getFirst());
  }

  /// A process of a machine of its own.
  private Optional<Taken> join(LockService service, String name) throws Exception {
    Mark here = Mark.of(Files.createDirectories(directory.resolve(name)));
    var mark = new Mark("boot of " + service.hashCode(), here.directory(), here.process());
    return service.join(name, name + ".example.org:2530", mark, nothing());
  }

  private static Member member(String name, String state) {
    return new Member(
        name, name + ":1", state, 4, 5, "digest", Instant.ofEpochMilli(1000), "0.1.0");
  }

  static JournalListener nothing() {
    return new JournalListener() {
      @Override
      public void lost() {}

      @Override
      public void regained(Optional<Taken> taken) {}
    };
  }
}
