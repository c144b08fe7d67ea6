package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.Caravan;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.stage.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A directory of routes with one stage, and one with all the others, as on two machines with a
/// broker between them.
class StageElsewhereTest {
  static final List<String> STAGES = StageProof.STAGES;

  private static final String BROKER = "tcp://127.0.0.1:61616";

  @TempDir Path directory;
  private Path here;
  private Path there;

  @BeforeEach
  void routes() throws Exception {
    here = Edits.copyOfRoutes(directory.resolve("here"));
    there = Files.createDirectory(directory.resolve("there"));
  }

  @ParameterizedTest
  @FieldSource("STAGES")
  void bothAreWhole(String stage) throws Exception {
    StageProof.move(here, there, stage);

    Caravan.check(settings("broker.url=" + BROKER), here);
    Caravan.check(settings("broker.url=" + BROKER), there);
  }

  @Test
  void withTheQueuesInOneProcessMailWouldRestThereUnseen() throws Exception {
    StageProof.move(here, there, "checks");

    assertThatThrownBy(() -> Caravan.check(settings(), here))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("artemis:checks is a queue that no route consumes");
  }

  @Test
  void aRouteWithoutTheConfigurationItNamesIsRefused() throws Exception {
    StageProof.move(here, there, "routing");
    Files.delete(there.resolve("failure.camel.yaml"));

    assertThatThrownBy(() -> Caravan.check(settings("broker.url=" + BROKER), there))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("route routing: no file in " + there)
        .hasMessageContaining("has the route configuration failure");
  }

  private Settings settings(String... words) throws Exception {
    return SettingsFile.read(
        Optional.empty(), List.of(words), Optional.of(directory.resolve("var")));
  }
}
