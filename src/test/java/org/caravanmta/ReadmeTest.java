package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.message.Wire;
import org.junit.jupiter.api.Test;

/// The README says what the routes, the settings and the examples say.
class ReadmeTest {
  private static final Pattern ID = Pattern.compile("(?m)^    id: (\\S+)$");
  private static final Path ROUTES = Path.of("routes");

  @Test
  void everyRouteHasItsPlaceInTheLifeOfAMessage() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    for (Path file : files(ROUTES)) {
      assertThat(readme).contains("](routes/" + file.getFileName() + ")");
      ID.matcher(Files.readString(file))
          .results()
          .map(match -> match.group(1).replaceFirst("^(delivery)\\..*", "$1."))
          .forEach(id -> assertThat(readme).as("route %s", id).contains("`" + id));
    }
  }

  @Test
  void theExamplesAreTheFilesThatAreTested() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(readme)
        .contains(routes(ROUTES.resolve("checks.camel.yaml"), "- route:"))
        .contains(routes(ROUTES.resolve("examples/checks.camel.xml"), "<camel"))
        .contains(routes(ROUTES.resolve("examples/filters/before-queue.camel.yaml"), "- route:"))
        .contains(routes(ROUTES.resolve("examples/added-stage/audit.camel.yaml"), "- route:"));
  }

  @Test
  void theFormatOnTheQueuesIsTheOneThatIsWritten() throws IOException {
    assertThat(Files.readString(ROUTES.resolve("examples/README.md")))
        .contains("| 1 | version, now " + Wire.VERSION + ";");
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String routes(Path file, String start) throws IOException {
    String text = Files.readString(file);
    return text.substring(text.indexOf(start)).strip();
  }
}
