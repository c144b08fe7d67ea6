package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A directory of routes as an operator has it who filters mail: the shipped ones, and one of his
/// own.
public final class FilterRoutes {
  private FilterRoutes() {}

  /// @param directory to be made
  /// @param steps of the route `direct:filters`, a YAML list
  /// @return `directory`
  public static Path in(Path directory, String steps) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path each : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(each, directory.resolve(each.getFileName()));
      }
    }
    Files.writeString(
        directory.resolve("filters.camel.yaml"),
        """
        - route:
            id: filters
            from:
              uri: direct:filters
              steps:
        """
            + steps.indent(8));
    return directory;
  }
}
