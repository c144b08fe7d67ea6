package org.caravanmta.queue.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.caravanmta.account.OwnerOnly;

/// How long the journal gathers writes before it syncs them together, in nanoseconds.
///
/// Half of what one sync takes on this disk. Then the journal never sleeps between syncs: whoever
/// comes while one is under way shares the next, and a lone message waits for its own only. A
/// time-out just above the sync's own time is the one to avoid, because there the journal's timer
/// gives up and spins.
public record Pace(int nanos) {
  private static final int SYNCS = 9;
  private static final int LEAST = 20_000;
  private static final int MOST = 2_000_000;

  public static Pace measure(Path directory) throws IOException {
    Path file = directory.resolve("pace.probe");
    var times = new long[SYNCS];
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.FILE)) {
      // as in the journal, the blocks are there before they are written to
      channel.write(ByteBuffer.allocate(SYNCS * 4096), 0);
      channel.force(true);
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(4096), i * 4096L);
        channel.force(false);
        times[i] = System.nanoTime() - start;
      }
    } finally {
      Files.deleteIfExists(file);
    }
    Arrays.sort(times);
    return new Pace(Math.clamp(times[SYNCS / 2] / 2, LEAST, MOST));
  }
}
