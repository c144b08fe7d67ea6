package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program that others wrote, from a package of Debian's.
public final class Program {
  private static final int PATIENCE_SECONDS = 120;

  private Program() {}

  /// Where it is; skips the test, and says so, when it is not here.
  public static String installed(String program, String debianPackage) {
    for (String directory : List.of("/usr/bin", "/usr/sbin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return Path.of(directory, program).toString();
      }
    }
    System.out.printf("SKIPPED: %s is not here; apt-get install %s%n", program, debianPackage);
    Assumptions.abort(program + " is not installed (Debian package " + debianPackage + ")");
    throw new AssertionError();
  }

  /// Runs it to a good end.
  public static String run(String... command) throws Exception {
    return run(0, command);
  }

  /// @param exit the status it must end with; -1: any
  public static String run(int exit, String... command) throws Exception {
    return run(exit, Path.of("/dev/null"), command);
  }

  /// @param exit the status it must end with; -1: any
  static String run(int exit, Path input, String... command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()).start();
    try {
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(printed).isTrue();
      if (exit >= 0) {
        assertThat(process.exitValue()).as(printed).isEqualTo(exit);
      }
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
