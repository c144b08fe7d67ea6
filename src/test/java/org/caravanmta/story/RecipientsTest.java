package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A server that fails at random and a Caravan that is killed: each recipient has one outcome.
/// `src/proof/recipients` is the long version, of 100,000.
@Execution(ExecutionMode.CONCURRENT)
class RecipientsTest {
  private static final int RECIPIENTS = Integer.getInteger("caravan.recipients", 2_000);
  private static final int KILLS = Integer.getInteger("caravan.kills", 3);

  @Test
  void eachHasOneOutcome(@TempDir Path directory) throws Exception {
    var outcome = RecipientsProof.run(directory, RECIPIENTS, KILLS, 20261129);

    System.out.println(KILLS + " kills: " + outcome);
    assertThat(outcome.balances()).as("%s", outcome).isTrue();
    assertThat(outcome.told()).as("those who do not exist").isEqualTo(RECIPIENTS / 20);
    assertThat(outcome.again())
        .as("only what was in flight may come twice")
        .isLessThanOrEqualTo(KILLS * CrashProof.IN_FLIGHT);
  }
}
