package org.caravanmta.queue.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
