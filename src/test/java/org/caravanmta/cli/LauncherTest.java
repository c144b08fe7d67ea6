package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, with programs in place of java that say how they were called.
class LauncherTest {
  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void install() throws IOException {
    directory = directory.toRealPath();
    home = Files.createDirectories(directory.resolve("an installation"));
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("src/main/dist/bin/caravan"), home.resolve("bin/caravan"));
  }

  @Test
  void itFindsItsInstallationThroughLinks() throws Exception {
    Path java = jdk("25.0.3");
    Path link = Files.createSymbolicLink(directory.resolve("link"), home.resolve("bin/caravan"));
    Path second = Files.createSymbolicLink(directory.resolve("second"), Path.of("link"));
    for (Path way : List.of(home.resolve("bin/caravan"), link, second)) {
      Run run = run(way, Map.of("CARAVAN_JAVA", java.toString()), "queue", "delete", "a b", "*");
      assertThat(run.status).isZero();
      assertThat(run.lines)
          .contains(
              "-Dcaravan.home=" + home,
              home + "/lib/*:" + home + "/plugins/*",
              "-Djdk.serialFilter=!*")
          .endsWith("org.caravanmta.cli.Main", "queue", "delete", "a b", "*");
    }
  }

  @Test
  void furtherJarsMayBeElsewhere() throws Exception {
    var there = Map.of("CARAVAN_JAVA", jdk("25").toString(), "CARAVAN_PLUGINS", "/srv/caravan");

    assertThat(run(there, "check").lines)
        .contains(home + "/lib/*:/srv/caravan/*", "-Dcaravan.plugins=/srv/caravan");
  }

  @Test
  void theServerGetsItsHeapAndTheOperatorsOptions() throws Exception {
    Path java = jdk("26-ea");
    assertThat(run(Map.of("CARAVAN_JAVA", java.toString()), "start").lines).contains("-Xmx192m");
    assertThat(
            run(
                    Map.of(
                        "CARAVAN_JAVA", java.toString(),
                        "CARAVAN_HEAP", "1g",
                        "CARAVAN_OPTIONS", "-Dcaravan.log.level=DEBUG -Xlog:gc"),
                    "start")
                .lines)
        .contains("-Xmx1g", "-Dcaravan.log.level=DEBUG", "-Xlog:gc");
  }

  @Test
  void anOldJavaIsPassedOverOrNamed() throws Exception {
    Path old = jdk("17.0.15");
    Path recent = jdk("25");
    Run named = run(Map.of("CARAVAN_JAVA", old.toString()), "version");
    assertThat(named.status).isEqualTo(1);
    assertThat(named.lines)
        .containsExactly("caravan: CARAVAN_JAVA is " + old + ", which is older than Java 25");
    assertThat(run(Map.of("CARAVAN_JAVA", "no-such-java"), "version").lines)
        .containsExactly("caravan: CARAVAN_JAVA is no-such-java, which is not a program");
    Run found = run(Map.of("JAVA_HOME", recent.getParent().getParent().toString()), "version");
    assertThat(found.lines).first().isEqualTo("java 25");
  }

  @Test
  void byTheNamesProgramsKnowItIsTheCommandSendmail() throws Exception {
    var java = Map.of("CARAVAN_JAVA", jdk("25").toString(), "CARAVAN_CONFIG", "/srv/a b.yaml");
    for (var name :
        Map.of(
                "sendmail", List.of("sendmail", "-C", "/srv/a b.yaml", "-t", "a b"),
                "mailq", List.of("sendmail", "-bp", "-C", "/srv/a b.yaml", "-t", "a b"),
                "newaliases", List.of("sendmail", "-bi", "-C", "/srv/a b.yaml", "-t", "a b"))
            .entrySet()) {
      Path installed =
          Files.createSymbolicLink(home.resolve("bin").resolve(name.getKey()), Path.of("caravan"));
      Path way = Files.createSymbolicLink(directory.resolve(name.getKey()), installed);
      List<String> lines = run(way, java, "-t", "a b").lines;
      assertThat(lines.subList(lines.indexOf("org.caravanmta.cli.Main") + 1, lines.size()))
          .isEqualTo(name.getValue());
      assertThat(lines).contains("-Dcaravan.home=" + home);
    }
  }

  @Test
  void textIsUtf8WhateverTheLocaleOfTheCaller() throws Exception {
    Path java = jdk("25");
    Files.writeString(java, "#!/bin/sh\necho LC_ALL=$LC_ALL\n");
    for (String locale : List.of("", "C", "POSIX", "de_DE.ISO-8859-1")) {
      var environment = Map.of("CARAVAN_JAVA", java.toString(), "LC_ALL", locale);
      assertThat(run(environment, "start").lines).containsExactly("LC_ALL=C.UTF-8");
      assertThat(run(environment, "sendmail").lines).containsExactly("LC_ALL=C.UTF-8");
    }
  }

  private record Run(int status, List<String> lines) {}

  /// A directory like a JDK's, whose java prints its version and arguments, one a line.
  private Path jdk(String version) throws IOException {
    Path jdk = Files.createDirectories(directory.resolve("jdk-" + version));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho java " + version + "\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return java;
  }

  private Run run(Map<String, String> environment, String... args) throws Exception {
    return run(home.resolve("bin/caravan"), environment, args);
  }

  private Run run(Path launcher, Map<String, String> environment, String... args) throws Exception {
    var command = new ArrayList<>(List.of("sh", launcher.toString()));
    command.addAll(List.of(args));
    var builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("JAVA_HOME|CARAVAN_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    return new Run(process.waitFor(), lines);
  }
}
