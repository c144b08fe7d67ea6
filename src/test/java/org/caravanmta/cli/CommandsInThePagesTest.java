package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The README lists every command of `caravan`, and no page names one that there is not.
class CommandsInThePagesTest {
  private static final Path README = Path.of("README.md");

  /// `caravan queue list --json`, in a text or at the start of a line of a shell.
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:`|(?m)^(?:\\$ )?|target/caravan/bin/)caravan ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?\\b");

  @Test
  void theReadmeHasEveryCommand() throws IOException {
    String readme = Files.readString(README);
    String table =
        readme.substring(
            readme.indexOf("## The operator's commands"), readme.indexOf("## Editing a route"));
    var missing = new TreeSet<String>();
    for (List<String> command : commands()) {
      String name = String.join(" ", command);
      // `release ID` stands after `caravan queue hold ID` in one row
      boolean there =
          table
              .lines()
              .filter(row -> row.contains("`caravan " + command.getFirst()))
              .anyMatch(row -> row.matches(".*[` ]" + command.getLast() + "[ `].*"));
      if (!there && !name.equals("help")) {
        missing.add(name);
      }
    }

    assertThat(missing).as("commands without a row").isEmpty();
  }

  @Test
  void noPageNamesACommandThatThereIsNot() throws IOException {
    var commands = commands();
    var wrong = new TreeSet<String>();
    int named = 0;
    for (Path page : pages()) {
      for (var match : NAMED.matcher(Files.readString(page)).results().toList()) {
        named++;
        String first = match.group(1);
        String second = match.group(2);
        boolean alone = commands.contains(List.of(first));
        if (!alone && (second == null || !commands.contains(List.of(first, second)))) {
          wrong.add(page + ": " + match.group());
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(named).as("commands named").isGreaterThan(30);
  }

  /// Each that does something, with the names that lead to it.
  private static List<List<String>> commands() {
    var commands = new ArrayList<List<String>>();
    collect(new Main(Running::new).commandLine(), List.of(), commands);
    return commands;
  }

  private static void collect(CommandLine of, List<String> names, List<List<String>> into) {
    if (of.getSubcommands().isEmpty()) {
      into.add(names);
    }
    of.getSubcommands()
        .forEach(
            (name, command) ->
                collect(command, Stream.concat(names.stream(), Stream.of(name)).toList(), into));
  }

  private static List<Path> pages() throws IOException {
    try (var manual = Files.list(Path.of("src/site/markdown"))) {
      return Stream.concat(Stream.of(README, Path.of("config/caravan.yaml")), manual)
          .sorted()
          .toList();
    }
  }
}
