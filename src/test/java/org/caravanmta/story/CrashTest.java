package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// kill -9 under load: every message answered 250 is delivered after the restart. One may come
/// twice if its delivery was in flight; how many did is printed. `src/proof/crash` is the long
/// version.
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {
  private static final int KILLS = Integer.getInteger("caravan.kills", 3);
  private static final long SEED = Long.getLong("caravan.seed", 20261123);

  @TempDir Path directory;

  @Test
  void everyMessageAnswered250IsDelivered() throws Exception {
    var account = CrashProof.run(directory, KILLS, SEED, 10, 4096);

    System.out.println(KILLS + " kills: " + account);
    assertThat(account.lost()).as("answered 250 and not delivered").isEmpty();
    assertThat(account.moreThanOnce())
        .as("only what was in flight may come twice")
        .isLessThanOrEqualTo((long) KILLS * CrashProof.IN_FLIGHT);
  }
}
