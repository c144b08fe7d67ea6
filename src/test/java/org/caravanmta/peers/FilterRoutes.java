package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/// A directory of routes as an operator has it who filters mail: the shipped ones, and one of his
/// own.
public final class FilterRoutes {
  private FilterRoutes() {}

  /// Filters before the queue.
  ///
  /// @param directory to be made
  /// @param steps of the route `direct:filters`, a YAML list
  /// @return `directory`
  public static Path in(Path directory, String steps) throws IOException {
    copy(directory);
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

  /// Filters after the queue.
  ///
  /// @param directory to be made, or one that has been
  /// @param name of the queue, `filter.NAME`
  /// @param parameters of its consumer: `settle: individual, window: 20`
  /// @param steps of its route, a YAML list
  /// @return `directory`
  public static Path after(Path directory, String name, String parameters, String steps)
      throws IOException {
    if (!Files.isDirectory(directory)) {
      copy(directory);
    }
    Files.writeString(
        directory.resolve(name.replace('.', '-') + ".camel.yaml"),
        """
        - route:
            id: %1$s
            routeConfigurationId: failure
            from:
              uri: artemis:%1$s
              parameters: { %2$s }
              steps:
        """
                .formatted(name, parameters)
            + steps.indent(8)
            + """
            - bean: { ref: filtered, method: settle }
            - to: artemis:routing
            - to: artemis:deferred.*
            - to: artemis:quarantine
            - to: artemis:hold
            - to: artemis:report
            """
                .indent(8));
    return directory;
  }

  private static void copy(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path each : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(
            each, directory.resolve(each.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
