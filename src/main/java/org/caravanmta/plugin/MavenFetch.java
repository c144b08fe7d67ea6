package org.caravanmta.plugin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Fetches a component of Camel, with what it needs at run time, by Maven: its settings say from
/// where.
///
/// @param program the command `mvn`
public record MavenFetch(String program) {
  static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
  private static final int MINUTES = 10;
  private static final int SHOWN = 12;

  /// Puts the jars into a directory.
  ///
  /// @param work an empty directory
  /// @throws ComponentProblem says what Maven has said, or how to do it where Maven is
  void fetch(String component, String camel, Path work, Path jars)
      throws IOException, InterruptedException, ComponentProblem {
    Path pom = work.resolve("pom.xml");
    Files.writeString(pom, pom(component, camel));
    Path said = work.resolve("said");
    Process maven;
    try {
      maven =
          new ProcessBuilder(
                  program,
                  "-B",
                  "-q",
                  "-f",
                  pom.toString(),
                  PLUGIN + ":copy-dependencies",
                  "-DincludeScope=runtime",
                  "-DoutputDirectory=" + jars)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException e) {
      throw new ComponentProblem(byHand(component, camel));
    }
    try {
      maven.getOutputStream().close();
      if (!maven.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new ComponentProblem(program + " has not ended in " + MINUTES + " minutes");
      }
    } finally {
      maven.destroy();
    }
    if (maven.exitValue() != 0) {
      throw new ComponentProblem(
          "camel-%s %s cannot be fetched; %s says:%n%s%nThe names of components: https://camel.apache.org/components/"
              .formatted(component, camel, program, errors(said)));
    }
  }

  private static String errors(Path said) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(said), StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.replaceAll("\u001B\\[[0-9;]*m", ""))
            .filter(line -> !line.isBlank())
            .toList();
    return lines.stream().limit(SHOWN).map(line -> "  " + line).collect(Collectors.joining("\n"));
  }

  /// What to do on a machine that has Maven.
  private String byHand(String component, String camel) {
    return """
    there is no %1$s here to fetch camel-%2$s with. Where there is:
      mkdir %2$s && cd %2$s
      echo '%4$s' > pom.xml
      mvn %5$s:copy-dependencies -DincludeScope=runtime -DoutputDirectory=jars
    then copy the directory jars to this machine, and
      caravan component add %2$s --from jars\
    """
        .formatted(program, component, camel, pom(component, camel), PLUGIN);
  }

  private static String pom(String component, String camel) {
    return ("<project><modelVersion>4.0.0</modelVersion><groupId>org.caravanmta</groupId>"
            + "<artifactId>plugins</artifactId><version>1</version><packaging>pom</packaging>"
            + "<dependencies><dependency><groupId>org.apache.camel</groupId>"
            + "<artifactId>camel-%s</artifactId><version>%s</version></dependency></dependencies>"
            + "</project>")
        .formatted(component, camel);
  }
}
