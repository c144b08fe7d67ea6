package org.caravanmta.queue.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.caravanmta.fault.Disk.Way;
import org.caravanmta.fault.FaultyDisk;
import org.caravanmta.message.Wire;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.spi.Frame;
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

  @Test
  void whatIsTakenForCopiedIsThere() throws Exception {
    Path two = directory.resolve("two");
    int faults = 0;
    try (var disk = new FaultyDisk(directory);
        var one = new CopyNode(directory.resolve("one"), "one", true);
        var _ =
            Child.start(
                List.of(disk.option()),
                KeeperProcess.class,
                KeeperProcess.READY,
                two.toString(),
                "two");
        var hold = disk.hold()) {
      one.elsewhere = Optional.of(two);
      one.copies.start();
      await().atMost(PATIENCE).until(() -> one.copies.keeper().isPresent());
      take(one, false);
      take(one, true);
      for (Way way : Way.values()) {
        faults += failEach(one, hold, two.resolve("copies"), way, false);
        faults += failEach(one, hold, two.resolve("copies"), way, true);
      }
    }
    assertThat(faults).isGreaterThan(20);
    assertThat(kept(two)).containsAll(taken);
  }

  /// Fails the first call, the second, and so on, as long as there are any before mail is taken.
  private int failEach(CopyNode one, FaultyDisk.Hold hold, Path below, Way way, boolean large)
      throws Exception {
    int faults = 0;
    boolean more = true;
    while (more) {
      hold.awaitQuiet(below, QUIET);
      hold.fail(below, faults + 1, way);
      String id = CopyNode.id();
      CompletableFuture<?> mail = one.accept(frame(one, id, large));
      // a disk that is gone comes back, for there is only this keeper
      await().atMost(PATIENCE).until(() -> mail.isDone() || hold.hasFailed());
      more = hold.mend();
      mail.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      taken.add("routing " + id);
      faults += more ? 1 : 0;
      take(one, large);
    }
    return faults;
  }

  private void take(CopyNode one, boolean large) throws Exception {
    String id = CopyNode.id();
    one.accept(frame(one, id, large)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    taken.add("routing " + id);
  }

  private static Frame frame(CopyNode one, String id, boolean large) throws IOException {
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
  private static Set<String> kept(Path keeper) throws Exception {
    var all = new HashSet<String>();
    try (var again = new CopyKeeper(keeper.resolve("copies"), 100_000, _ -> Optional.empty())) {
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

  /// A node that is told of two messages and lacks the content of the second has neither.
  @Test
  void whatIsNotTakenAsAWholeIsNotTaken() throws Exception {
    try (Mirror mirror = Mirror.open(directory, "one", "journal", 100_000)) {
      var without = new Copy(1, CopyNode.frame("routing", "a"));
      var with =
          new Copy(
              2,
              new Frame(
                  "routing",
                  new byte[] {1},
                  Map.of(Frame.ID, "b", Frame.CONTENT, "b", Frame.VERSION, (int) Wire.VERSION),
                  true));
      var cut = new CopyBatch(1, List.of(without.encode(), with.encode()), List.of());
      assertThatThrownBy(() -> mirror.apply(cut, new Never())).hasMessageContaining("has not come");
      assertThat(mirror.numbers().isEmpty()).isTrue();
    }
  }

  private static final class Never implements IOCompletion {
    @Override
    public void storeLineUp() {
      // nobody counts them
    }

    @Override
    public void done() {
      throw new AssertionError("it is not on the disk");
    }

    @Override
    public void onError(int code, String message) {
      throw new AssertionError(message);
    }
  }
}
