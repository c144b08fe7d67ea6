package org.caravanmta.queue.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.caravanmta.fault.Disk.Way;
import org.caravanmta.fault.FaultyDisk;
import org.caravanmta.message.Wire;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A keeper of copies whose disk fails, one call after the other: what is taken for copied is there
/// after `kill -9`, and the keeper keeps copies again when its disk is well.
@Execution(ExecutionMode.CONCURRENT)
class CopyFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final int BODY = 200_000;

  @TempDir Path directory;
  private final Set<String> taken = new TreeSet<>();

  private FaultyDisk disk;
  private CopyNode one;
  private Child keeper;
  private FaultyDisk.Hold hold;

  @BeforeEach
  void start() throws Exception {
    disk = new FaultyDisk(directory);
    one = new CopyNode(directory.resolve("one"), "one", true);
    keeper =
        Child.start(
            List.of(disk.option()),
            KeeperProcess.class,
            KeeperProcess.READY,
            directory.resolve("two").toString(),
            "two");
    hold = disk.hold();
    one.elsewhere = Optional.of(directory.resolve("two"));
    one.copies.start();
    await().atMost(PATIENCE).until(() -> one.copies.keeper().isPresent());
    take(false);
  }

  @AfterEach
  void end() throws Exception {
    hold.close();
    keeper.close();
    one.close();
    disk.close();
  }

  private Path copies() {
    return directory.resolve("two").resolve("copies");
  }

  @Test
  void whatIsTakenForCopiedIsThere() throws Exception {
    int faults = 0;
    take(true);
    for (Way way : List.of(Way.REFUSED, Way.TORN, Way.GONE)) {
      faults += failEach(way, false);
      faults += failEach(way, true);
    }
    keeper.kill();
    assertThat(faults).isGreaterThan(20);
    assertThat(kept()).containsAll(taken);
  }

  /// The keeper takes connections all the time.
  @Test
  void nothingIsBegunWhileNothingIsRecorded() throws Exception {
    take(false);
    assertThat(one.broker.fence().isOpen()).isTrue();
    hold.fail(copies(), 1, Way.FULL);
    // what has become of it cannot be recorded
    assertThat(one.pass("routing", 1, Optional.empty())).isEqualTo(1);
    await().atMost(PATIENCE).until(() -> !one.broker.fence().isOpen());
    await()
        .during(Duration.ofSeconds(5))
        .atMost(PATIENCE)
        .until(() -> !one.broker.fence().isOpen());
    assertThat(one.pass("routing", 1, Optional.empty())).isZero();
    assertThat(one.mail()).hasSize(1);
    hold.mend();
    await().atMost(PATIENCE).until(() -> one.broker.fence().isOpen());
    assertThat(one.pass("routing", 1, Optional.of("delivery.smtp"))).isEqualTo(1);
    one.copies.settle(PATIENCE);
    keeper.kill();
    assertThat(kept()).isEqualTo(one.mail());
  }

  /// Fails the first call, the second, and so on, as long as there are any before mail is taken.
  private int failEach(Way way, boolean large) throws Exception {
    int faults = 0;
    boolean more = true;
    while (more) {
      hold.awaitQuiet(copies(), QUIET);
      hold.fail(copies(), faults + 1, way);
      String id = CopyNode.id();
      CompletableFuture<?> mail = one.accept(frame(id, large));
      // a disk that is gone comes back, for there is only this keeper
      await().atMost(PATIENCE).until(() -> mail.isDone() || hold.hasFailed());
      more = hold.mend();
      mail.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      taken.add("routing " + id);
      faults += more ? 1 : 0;
      take(large);
    }
    return faults;
  }

  private void take(boolean large) throws Exception {
    String id = CopyNode.id();
    one.accept(frame(id, large)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    taken.add("routing " + id);
  }

  private Frame frame(String id, boolean large) throws IOException {
    if (!large) {
      return CopyNode.frame("routing", id);
    }
    var spool = one.store.create(id);
    spool.write(new byte[BODY]);
    spool.finish();
    return new Frame(
        "routing",
        new byte[] {1},
        Map.of(Frame.ID, id, Frame.CONTENT, id, Frame.VERSION, (int) Wire.VERSION),
        true);
  }

  /// What a keeper has that was killed.
  private Set<String> kept() throws Exception {
    var all = new HashSet<String>();
    try (var again = new CopyKeeper(copies(), 100_000, _ -> Optional.empty())) {
      for (Mirror mirror : again.of("one")) {
        mirror.pass(
            copies -> {
              for (Copy copy : copies) {
                if (copy.content().isEmpty() || mirror.contents().has(copy.content().get())) {
                  all.add(copy.frame().queue() + " " + copy.frame().properties().get("id"));
                }
              }
            });
      }
    }
    return all;
  }
}
