package org.caravanmta.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.caravanmta.cli.Typed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manual's page about the quarantine: each of its commands prints what it says.
class QuarantinePageTest {
  private static final Path PAGE = Path.of("src/site/markdown/quarantine.md");
  private static final String PROMPT = "$ caravan ";
  private static final Pattern CONSOLE = Pattern.compile("(?s)```console\n(.*?)```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir Path directory;

  @Test
  void eachCommandPrintsWhatThePageSays() throws Exception {
    int commands = 0;
    try (var ward = Ward.embedded(directory)) {
      ward.put(
          Ward.detained(
              "4jdML745CTz1bH2D", "You have won", ward.clock.instant(), "kim@own.example"));
      ward.clock.turn(Duration.ofMinutes(5));
      ward.put(
          Ward.detained(
              "4jdML906jbz1bH2F",
              "=?utf-8?q?Gr=C3=BC=C3=9Fe?= from the =?utf-8?q?B=C3=BCro?=",
              ward.clock.instant(),
              "kim@own.example",
              "lee@own.example"));
      ward.put(
          Ward.detained("4jdML949Nsz1bH2G", "Invoice", ward.clock.instant(), "lee@own.example"));
      ward.clock.turn(Duration.ofHours(8));
      for (var console : CONSOLE.matcher(Files.readString(PAGE)).results().toList()) {
        for (String step : console.group(1).split("(?m)^(?=\\$ )")) {
          String command = step.lines().findFirst().orElseThrow();
          assertThat(command).startsWith(PROMPT);
          if (command.contains(" block ")) {
            ward.clock.turn(Duration.ofMinutes(1));
          }
          Typed typed = ward.type(words(command.substring(PROMPT.length())));
          assertThat(asAnn(typed.out() + typed.err()))
              .as(command)
              .isEqualTo(step.substring(command.length() + 1));
          commands++;
        }
      }
      assertThat(commands).isEqualTo(14);
      assertThat(ward.depot.waitingIds("routing")).containsExactly("4jdML906jbz1bH2F");
    }
  }

  /// What was printed, had it been ann.
  private static String asAnn(String printed) {
    String us = System.getProperty("user.name");
    return printed
        .replaceAll("(?m)(Z )" + Pattern.quote(us) + "$", "$1ann")
        .replace("\"author\": \"" + us + "\"", "\"author\": \"ann\"");
  }

  private static String[] words(String line) {
    return WORD.matcher(line)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toArray(String[]::new);
  }
}
