package org.caravanmta.queue.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.caravanmta.message.Wire;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {
  @TempDir Path directory;

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

  /// A connection that follows another is told what is here, and counts on it.
  @Test
  void whatIsSettledIsOnTheDisk() throws Exception {
    int pace = 1_000_000_000;
    Path here = directory.resolve("here");
    Path then = directory.resolve("then");
    try (Mirror mirror = Mirror.open(here, "one", "journal", pace)) {
      var copy = new Copy(7, CopyNode.frame("routing", "a"));
      var done = new CountDownLatch(1);
      mirror.apply(new CopyBatch(1, List.of(copy.encode()), List.of()), new Counted(done));
      mirror.settle(Duration.ofSeconds(30));
      copyFiles(here, then);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
    try (Mirror mirror = Mirror.open(then, "one", "journal", pace)) {
      assertThat(mirror.numbers().contains(7)).isTrue();
    }
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Files.copy(one, to.resolve(from.relativize(one)));
      }
    }
  }

  private record Counted(CountDownLatch latch) implements IOCompletion {
    @Override
    public void storeLineUp() {
      // nobody counts them
    }

    @Override
    public void done() {
      latch.countDown();
    }

    @Override
    public void onError(int code, String message) {
      throw new AssertionError(message);
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
