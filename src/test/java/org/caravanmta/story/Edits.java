package org.caravanmta.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What an operator does to a copy of the route files.
public final class Edits {
  static final Path SHIPPED = Path.of("routes");

  private Edits() {}

  public static Path copyOfRoutes(Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(SHIPPED)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  static void copy(String example, Path to) throws IOException {
    Path file = SHIPPED.resolve("examples").resolve(example);
    Files.copy(file, to.resolve(file.getFileName()));
  }

  /// @throws IllegalArgumentException if the file does not hold what is to be replaced
  static void replace(Path file, String what, String with) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(what)) {
      throw new IllegalArgumentException(file + " does not hold " + what);
    }
    Files.writeString(file, text.replace(what, with));
  }
}
