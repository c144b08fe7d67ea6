package org.caravanmta.queue.embedded.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongSupplier;
import org.caravanmta.account.OwnerOnly;

/// How long the journal gathers writes before it syncs them together, in nanoseconds.
///
/// Half of what one sync takes on this disk. Then the journal never sleeps between syncs: whoever
/// comes while one is under way shares the next, and a lone message waits for its own only. A
/// time-out just above the sync's own time is the one to avoid, because there the journal's timer
/// gives up and spins.
///
/// The journal is told once, at its start, when the disk may be busy with something else. So what
/// syncs took is remembered from start to start, and may at most double from one to the next: a
/// busy moment changes little, and a slower disk is followed. Too short a time-out costs little,
/// too long a one delays all mail.
public record Pace(int nanos) {
  private static final int SYNCS = 9;

  /// Which of the syncs counts, from the quickest: those that waited for others' do not.
  private static final int QUICK = 2;

  private static final int LEAST = 20_000;
  private static final int MOST = 2_000_000;

  /// What it is remembered in: how long a sync takes, in nanoseconds.
  private static final String MEMORY = "pace";

  /// A sync that takes longer is not of this world.
  private static final long LONGEST = 60_000_000_000L;

  public static Pace measure(Path directory) throws IOException {
    return measure(directory, System::nanoTime);
  }

  /// @param clock asked before and after each sync
  static Pace measure(Path directory, LongSupplier clock) throws IOException {
    long now = sync(directory, clock);
    long before = remembered(directory);
    long seen = before == 0 ? now : Math.min(now, 2 * before);
    Files.writeString(directory.resolve(MEMORY), String.valueOf(seen));
    return new Pace(Math.clamp(seen / 2, LEAST, MOST));
  }

  /// How long it was at the last start; 0 if that is not known.
  private static long remembered(Path directory) throws IOException {
    Path memory = directory.resolve(MEMORY);
    if (Files.notExists(memory)) {
      return 0;
    }
    try {
      return Math.clamp(Long.parseLong(Files.readString(memory, ISO_8859_1)), 0, LONGEST);
    } catch (NumberFormatException e) {
      // written only in part
      return 0;
    }
  }

  private static long sync(Path directory, LongSupplier clock) throws IOException {
    Path file = directory.resolve("pace.probe");
    var times = new long[SYNCS];
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.FILE)) {
      // as in the journal, the blocks are there before they are written to
      channel.write(ByteBuffer.allocate(SYNCS * 4096), 0);
      channel.force(true);
      for (int i = 0; i < SYNCS; i++) {
        long start = clock.getAsLong();
        channel.write(ByteBuffer.allocate(4096), i * 4096L);
        channel.force(false);
        times[i] = clock.getAsLong() - start;
      }
    } finally {
      Files.deleteIfExists(file);
    }
    Arrays.sort(times);
    return Math.max(1, times[QUICK]);
  }
}
