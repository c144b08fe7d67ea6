package org.caravanmta.story;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/// An installation as `mvn package` lays it out, made of the classes and libraries of the tests.
public record Installation(Path home) {
  /// Lays one out.
  public static Installation in(Path home) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path lib = Files.createDirectories(home.resolve("lib"));
    Files.copy(Path.of("src/main/dist/bin/caravan"), bin.resolve("caravan"));
    jar(lib.resolve("caravan-0.jar"), Path.of("target/classes"));
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (entry.endsWith(".jar")) {
        Path jar = Path.of(entry);
        Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
      }
    }
    Edits.copyOfRoutes(home.resolve("routes"));
    return new Installation(home);
  }

  /// Makes a jar of what is in a directory.
  public static void jar(Path jar, Path classes) {
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(out, out, "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
    if (status != 0) {
      throw new AssertionError("jar " + jar + ": " + status);
    }
  }

  public Path plugins() {
    return home.resolve("plugins");
  }

  /// Starts a command of it.
  public Process start(Map<String, String> environment, String... words) throws IOException {
    var command = new ArrayList<>(List.of("sh", home.resolve("bin/caravan").toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .put("CARAVAN_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Runs a command of it.
  ///
  /// @return its exit status, and after a space what it has printed
  public String run(String... words) throws IOException, InterruptedException {
    Process process = start(Map.of(), words);
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + printed;
  }
}
