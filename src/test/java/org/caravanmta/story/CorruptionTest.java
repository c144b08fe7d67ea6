package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files: what they held is never delivered changed, and never just gone.
/// `src/proof/corruption` is the long version.
class CorruptionTest {
  @TempDir Path directory;

  @Test
  void aDamagedBodyIsReportedByItsId() throws Exception {
    var result =
        CorruptionProof.run(directory, 100_000, (data, _) -> CorruptionProof.content(data));

    assertThat(result.changed()).isEmpty();
    assertThat(result.unnamed()).isEmpty();
    assertThat(result.reported()).hasSize(3);
  }

  @Test
  void aBodyThatIsDamagedInTheJournalIsReportedByItsId() throws Exception {
    var result = CorruptionProof.run(directory, 3000, CorruptionProof::body);

    assertThat(result.changed()).isEmpty();
    assertThat(result.reported()).containsExactly("damage-7");
    assertThat(result.unnamed()).isEmpty();
  }

  @Test
  void mailOnAQueueWhoseNameIsDamagedIsReported() throws Exception {
    var result = CorruptionProof.run(directory, 3000, (data, _) -> CorruptionProof.queueName(data));

    assertThat(result.changed()).isEmpty();
    assertThat(result.account().lost()).isNotEmpty();
    assertThat(result.journalReported()).as("%s", result).isTrue();
  }

  @Test
  void aDamagedJournalLosesNothingWithoutAWord() throws Exception {
    var result =
        CorruptionProof.run(
            directory, 3000, (data, _) -> CorruptionProof.journal(data, new Random(7)));

    assertThat(result.changed()).isEmpty();
    assertThat(result.balances()).as("%s", result).isTrue();
  }
}
