package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.FastStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The commands of README's chapter about clusters, one after the other, as a reader types them.
/// Needs root and iproute2.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("three nodes")
class ClusterChapterTest {
  private static final Pattern TAKEN = Pattern.compile("taken over by (n\\d)");
  private static final String PROGRAM = "src/proof/cluster-try ";

  @TempDir Path directory;

  @Test
  void theChapterDoesWhatItSays() throws Exception {
    List<String> left = new ArrayList<>(commands());
    assertThat(left).hasSize(11);
    try {
      assertThat(run(left.removeFirst())).contains("n1 is ready", "n2 is ready", "n3 is ready");
      String list = left.removeFirst();
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> run(list).lines().filter(line -> line.contains("serving")).count() == 3);
      run(left.removeFirst());
      assertThat(run(left.removeFirst())).contains("joe@elsewhere.example");
      run(left.removeFirst());
      String taken = left.removeFirst();
      await().atMost(ThreeNodes.PATIENCE).until(() -> TAKEN.matcher(run(taken)).find());
      var taker = TAKEN.matcher(run(taken));
      assertThat(taker.find()).isTrue();
      String queue = left.removeFirst().replace(" n2 ", " " + taker.group(1) + " ");
      assertThat(run(queue)).contains("joe@elsewhere.example");
      assertThat(run(left.removeFirst())).contains("n1 is ready");
      assertThat(run(left.removeFirst())).contains("n3 is being drained");
      await().atMost(ThreeNodes.PATIENCE).until(() -> run(list).contains("drained"));
      assertThat(run(left.removeFirst())).contains("n3 takes part again");
      await()
          .atMost(ThreeNodes.PATIENCE)
          .until(() -> run(list).lines().filter(line -> line.contains("serving")).count() == 3);
    } finally {
      run(PROGRAM + "down");
    }
  }

  /// The lines of the chapter, without what is said about them.
  private static List<String> commands() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String chapter = readme.substring(readme.indexOf("## A relay cluster"));
    return chapter
        .substring(0, chapter.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith(PROGRAM))
        .map(line -> line.replaceFirst(" +#.*", ""))
        .toList();
  }

  /// @return what it printed
  private String run(String command) throws Exception {
    var process = new ProcessBuilder("/bin/bash", "-c", command).redirectErrorStream(true);
    process.environment().put("CLUSTER_PREFIX", "cvt");
    process.environment().put("CLUSTER_DIRECTORY", directory.resolve("cluster").toString());
    process.environment().put("CARAVAN", caravan().toString());
    // what it starts must not keep the end of its output from us
    Path printed = Files.createTempFile(directory, "printed", ".txt");
    var running = process.redirectOutput(printed.toFile()).start();
    int status = running.waitFor();
    String text = Files.readString(printed);
    if (status != 0) {
      throw new AssertionError(command + ": exit " + status + "\n" + text);
    }
    return text;
  }

  /// The program, of the classes that are tested here.
  private Path caravan() throws Exception {
    Path program = directory.resolve("caravan");
    if (Files.notExists(program)) {
      var words =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-Dlogback.configurationFile=logback.xml"));
      words.addAll(FastStart.options());
      words.add("org.caravanmta.cli.Main");
      Files.write(
          program,
          ("#!/bin/sh\nexec '" + String.join("' '", words) + "' \"$@\"\n")
              .getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return program;
  }
}
