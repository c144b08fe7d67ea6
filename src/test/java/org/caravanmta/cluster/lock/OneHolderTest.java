package org.caravanmta.cluster.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.ZooKeeper;
import org.caravanmta.cluster.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// However the network between a node and the lock service is cut and stalled: while the node holds
/// the lock on its journal, nobody else does.
@Execution(ExecutionMode.CONCURRENT)
class OneHolderTest {
  private static final Duration SESSION = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
  private final AtomicReference<Optional<TakeOver>> taken = new AtomicReference<>(Optional.empty());
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger both = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private volatile boolean done;

  private Peers peers;
  private FaultyLink link;
  private LockService owner;
  private LockService taker;
  private Thread watcher;

  @BeforeEach
  void start() throws Exception {
    peers = opened(new Peers(1, directory.resolve("peers")));
    HostPort peer = peers.addresses.getFirst();
    link = opened(new FaultyLink(peer));
    owner = opened(connect(link.address()));
    taker = opened(connect(peer));
    join(owner, "n1");
    join(taker, "n2");
    watcher = Thread.ofPlatform().start(this::watch);
  }

  @AfterEach
  void end() throws Exception {
    done = true;
    watcher.join();
    link.heal();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void cutsAndStallsLeaveOneHolder() throws Exception {
    for (int round = 0; round < 4; round++) {
      boolean cut = round % 2 == 0;
      // for less than a session, and nobody else can have it
      told.clear();
      disturb(cut);
      assertThat(taker.takeOver("n1")).isEmpty();
      link.heal();
      await().until(owner::holds);

      disturb(cut);
      await().atMost(PATIENCE).until(this::isTaken);
      assertThat(owner.holds()).isFalse();
      link.heal();
      await().until(() -> told.contains("lost"));
      assertThat(owner.holds()).isFalse();
      TakeOver takeOver = taken.get().orElseThrow();
      assertThat(takeOver.holds()).isTrue();
      takeOver.complete();
      takeOver.close();
      await().atMost(PATIENCE).until(owner::holds);
      assertThat(told.getLast()).isEqualTo("regained after n2 complete");
      taken.set(Optional.empty());
      owner.forget("n1");
    }
    assertThat(both).hasValue(0);
    assertThat(looks).hasValueGreaterThan(1000);
  }

  /// As a leader does which has not heard yet of what a follower has answered.
  @Test
  void aSessionThatEndsTooEarlyLeavesOneHolderToo() throws Exception {
    link.stall();
    remove("n1");
    assertThat(owner.holds()).isTrue();

    assertThat(isTaken()).isTrue();

    assertThat(owner.holds()).isFalse();
    assertThat(both).hasValue(0);
  }

  @Test
  void whoeverHasLostALockCannotSayThatItIsDone() throws Exception {
    TakeOver takeOver = taker.takeOver("n3").orElseThrow();
    remove("n3");

    assertThatThrownBy(takeOver::complete)
        .isInstanceOf(LocksUnavailable.class)
        .hasMessage("the lock on the journal of n3 is lost: another may be at it");
    assertThat(taker.taken("n3").orElseThrow().complete()).isFalse();
    await().until(() -> !takeOver.holds());
  }

  /// As the lock service does at the end of a session.
  private void remove(String node) throws Exception {
    var lockService = new ZooKeeper(peers.addresses.getFirst().toString(), 4000, _ -> {});
    peers.admit(lockService, "caravan");
    try {
      String path = "/caravan/caravan/serving/" + node;
      await().until(() -> lockService.exists(path, false) != null);
      lockService.delete(path, -1);
    } finally {
      lockService.close();
    }
  }

  private boolean isTaken() throws Exception {
    taken.set(taker.takeOver("n1"));
    return taken.get().isPresent();
  }

  private void disturb(boolean cut) throws Exception {
    if (cut) {
      link.cut();
    } else {
      link.stall();
    }
  }

  /// Looks whether two hold it: a take-over that is held at two moments is held between them.
  private void watch() {
    while (!done) {
      Optional<TakeOver> now = taken.get();
      boolean before = now.isPresent() && now.get().holds();
      boolean owned = owner.holds();
      if (before && owned && now.get().holds()) {
        both.incrementAndGet();
      }
      looks.incrementAndGet();
      LockSupport.parkNanos(100_000);
    }
  }

  private LockService connect(HostPort peer) throws Exception {
    return LockService.connect(
        new LockTerms(List.of(peer), "caravan", Peers.SECRET, SESSION), PATIENCE);
  }

  private void join(LockService service, String name) throws Exception {
    Mark here = Mark.of(Files.createDirectories(directory.resolve(name)));
    service.join(
        name,
        name + ":2530",
        here,
        new JournalListener() {
          @Override
          public void lost() {
            told.add("lost");
          }

          @Override
          public void regained(Optional<Taken> by) {
            told.add(
                by.map(note -> "regained after " + note.by() + (note.complete() ? " complete" : ""))
                    .orElse("regained"));
          }
        });
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }
}
