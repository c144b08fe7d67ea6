package org.caravanmta.queue.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What syncs take on a disk, by a clock of the test's.
class PaceTest {
  private static final int MICRO = 1000;
  private static final int QUIET = 100 * MICRO;
  private static final int BUSY = 8000 * MICRO;

  @TempDir Path directory;

  /// A clock by which each sync takes what is said, the last for ever.
  private static LongSupplier clock(int... syncs) {
    var now = new AtomicLong();
    var looks = new AtomicInteger();
    return () -> {
      int look = looks.getAndIncrement();
      return look % 2 == 0 ? now.get() : now.addAndGet(syncs[Math.min(look / 2, syncs.length - 1)]);
    };
  }

  private int measured(int... syncs) throws IOException {
    return Pace.measure(directory, clock(syncs)).nanos();
  }

  @Test
  void isHalfOfASync() throws Exception {
    assertThat(measured(QUIET)).isEqualTo(QUIET / 2);
  }

  @Test
  void isWithinLimits() throws Exception {
    assertThat(measured(MICRO)).isEqualTo(20 * MICRO);
    Files.delete(directory.resolve("pace"));
    assertThat(measured(BUSY)).isEqualTo(2000 * MICRO);
  }

  @Test
  void syncsThatWaitedForOthersDoNotCount() throws Exception {
    assertThat(measured(BUSY, QUIET, BUSY, QUIET, BUSY, BUSY, QUIET, BUSY)).isEqualTo(QUIET / 2);
  }

  @Test
  void aStartWhileTheDiskIsBusyChangesLittleAndIsMendedByTheNext() throws Exception {
    measured(QUIET);
    assertThat(measured(BUSY)).isEqualTo(QUIET);
    assertThat(measured(QUIET)).isEqualTo(QUIET / 2);
  }

  @Test
  void aSlowerDiskIsFollowedFromStartToStart() throws Exception {
    measured(QUIET);
    int starts = 0;
    while (measured(BUSY) < 2000 * MICRO) {
      starts++;
    }
    assertThat(starts).isBetween(3, 8);
  }

  @Test
  void whatIsRememberedMayBeSpoiltInAnyWay() throws Exception {
    for (String spoilt : new String[] {"", "9999999999999999999999", "-5", "x", "\u00e4"}) {
      Files.writeString(directory.resolve("pace"), spoilt);
      assertThat(measured(QUIET)).as(spoilt).isEqualTo(QUIET / 2);
    }
    assertThat(directory.resolve("pace")).hasContent(String.valueOf(QUIET));
  }
}
