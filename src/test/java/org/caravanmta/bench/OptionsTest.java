package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @ParameterizedTest
  @CsvSource({"4096, 4096", "4k, 4096", "100K, 102400", "5m, 5242880"})
  void aSizeIsBytesOrHasAUnit(String value, int bytes) {
    assertThat(of("--size", value).load().size()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100q", "k", "-1", "0", "2048m", "9999999999"})
  void aSizeThatIsNoneIsRefusedInWords(String value) {
    assertThatThrownBy(() -> of("--size", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--size takes bytes")
        .hasMessageContaining(value);
  }

  @Test
  void whatIsNoNumberIsRefusedInWords() {
    assertThatThrownBy(() -> of("--rounds", "many"))
        .hasMessage("--rounds takes a number, not many");
    assertThatThrownBy(() -> of("--servers", "sendmail")).hasMessageContaining("sendmail");
  }

  @Test
  void theMatrixHasEveryCombinationOnceAndStaysBrief() {
    var options = of("--matrix");

    // of 5 MiB there are too few messages for 500 sessions
    assertThat(options.loads()).hasSize(66).doesNotHaveDuplicates();
    assertThat(options.loads()).allMatch(load -> load.messages() <= 5000);
    assertThat(options.rounds()).isEqualTo(3);
  }

  @Test
  void warmUpIsOfSmallMailAndOfTheLoadsOwnSize() {
    var options = of("--size", "5m", "--warm-up", "60000");

    assertThat(WarmUp.rounds(options, Server.CARAVAN))
        .containsExactly(
            new Load(10_000, 4096, 1, 50, false),
            new Load(14_000, 4096, 1, 50, false),
            new Load(12_000, 4096, 1, 50, true),
            new Load(24_000, 100 << 10, 1, 50, false));
    assertThat(WarmUp.rounds(options, Server.named("postfix")))
        .extracting(Load::messages)
        .containsExactly(2400, 1200, 2400);
  }

  @Test
  void aKeptInstallationGoesFirstAndOneThatIsNotThereIsNamed(@TempDir Path home)
      throws IOException {
    assertThatThrownBy(() -> of("--servers", "caravan", "--before", home.toString()))
        .hasMessageContaining("before is not there");

    Path program = Files.createDirectories(home.resolve("bin")).resolve("caravan");
    Files.createFile(
        program,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var options = of("--before", home.toString());

    assertThat(options.servers().getFirst()).isEqualTo(new Caravan("before", program, false));
    assertThat(WarmUp.rounds(options, options.servers().getFirst()))
        .isEqualTo(WarmUp.rounds(options, Server.CARAVAN));
  }

  private static Options of(String... words) {
    return Options.of(words);
  }
}
