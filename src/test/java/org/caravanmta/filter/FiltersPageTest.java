package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.filter.milter.MilterHouse;
import org.caravanmta.message.ContentStore;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.smtp.Grammar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the manual's page about content filters shows is right.
class FiltersPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/filters.md");
  private static final Path EXAMPLES = Path.of("routes/examples/filters");
  private static final String KINDS =
      Arrays.stream(FilterWords.Kind.values())
          .map(Object::toString)
          .collect(Collectors.joining("|"));

  /// `milter inet:127.0.0.1:8891`, or the same as a bean of a route.
  private static final Pattern STEP =
      Pattern.compile(
          "[`\"]((?:" + KINDS + ") (?:\\{[^`\"]*}|[^`\"]*[:.][^`\"]*|disclaimer))[`\"]");

  @TempDir Path directory;

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  private static List<String> blocks(String kind) throws IOException {
    return Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$")
        .matcher(page())
        .results()
        .filter(found -> found.group(1).equals(kind))
        .map(found -> found.group(2))
        .toList();
  }

  private Settings read(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("my.yaml"), text);
    return SettingsFile.read(Optional.of(file), List.of(), Optional.empty());
  }

  private Filters filters(Settings settings) throws IOException {
    return new Filters(
        settings.filters(),
        new FilterHouse(
            "mx.caravan.test",
            ContentStore.open(directory.resolve("content")),
            () -> "x",
            1 << 20,
            c -> c,
            _ -> (_, _) -> new byte[0],
            settings.filters().afterQueue().refused(),
            Refusals.NONE,
            Instant::now),
        new MilterHouse(
            "mx.caravan.test",
            "Caravan",
            "mx.caravan.test",
            Map.of(),
            _ -> Optional.empty(),
            Grammar.of(new Domain("caravan.test")),
            1 << 20),
        true,
        Instant::now);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"before-queue.camel.yaml", "after-queue.camel.yaml", "disclaimer", "hooks.py"})
  void theExamplesAreTheFilesThatAreTested(String file) throws IOException {
    String text = Files.readString(EXAMPLES.resolve(file));
    assertThat(page()).contains(text.substring(Math.max(0, text.indexOf("- route:"))).strip());
  }

  @Test
  void theSettingsAreThereAndAreTheDefaults() throws Exception {
    String usual = Files.readString(Path.of("config/caravan.yaml"));
    for (String block : blocks("yaml")) {
      if (!block.startsWith("- ")) {
        read(block);
        if (block.startsWith("filters:")
            && !block.contains("disclaimer")
            && !block.contains("outbound")) {
          String bare = block.replaceAll(" +#.*", "");
          assertThat(bare.lines()).allMatch(line -> usual.contains(line + "\n"));
        }
      }
    }
  }

  @Test
  void theStepsAreRead() throws Exception {
    Settings settings =
        read("filters:\n  programs: ['disclaimer user=nobody argv=/usr/local/lib/disclaimer']\n");
    try (var filters = filters(settings)) {
      List<String> steps =
          STEP.matcher(page()).results().map(found -> found.group(1)).distinct().toList();
      assertThat(steps).hasSizeGreaterThan(15);
      for (String step : steps) {
        String whole = step.replace("HOST:PORT", "localhost:1");
        assertThat(filters.step(whole)).as(step).isPresent();
      }
    }
  }

  /// Mail in the quarantine names the step that set it aside, without its password.
  @Test
  void aStepIsKnownAsItIsShown() throws Exception {
    try (var filters = filters(read(""))) {
      var step = filters.step("rspamd http://h:1 password=q1");
      assertThat(filters.known("rspamd http://h:1 password=...")).isEqualTo(step).isPresent();
      assertThat(filters.step("rspamd http://h:1 password=q1")).isEqualTo(step);
      assertThat(
              catchThrowableOfType(
                  IllegalArgumentException.class,
                  () -> filters.step("rspamd http://h:1 password=q2")))
          .hasMessageContaining("another step differs from it by its password or token only")
          .hasMessageNotContaining("q2");
    }
  }

  @Test
  void eachKindHasTheOptionsThatItsRowNames() throws Exception {
    var rows = new TreeMap<String, String>();
    Pattern.compile("(?m)^\\| `(" + KINDS + ") [^|]*\\|([^|]*)\\|$")
        .matcher(page())
        .results()
        .forEach(
            row ->
                rows.put(
                    row.group(1),
                    Stream.concat(
                            Stream.of(row.group(2).replace("`", "").strip().split(", ")),
                            Stream.of(
                                "command-timeout",
                                "connect-timeout",
                                "content-timeout",
                                "default-action"))
                        .filter(option -> !option.isEmpty())
                        .sorted()
                        .collect(Collectors.joining(", "))));
    assertThat(rows).hasSize(FilterWords.Kind.values().length);
    try (var filters = filters(read(""))) {
      rows.forEach(
          (kind, options) -> {
            String place = kind.equals("http") || kind.equals("rspamd") ? "http://h:1" : "inet:h:1";
            String step =
                kind + " " + (kind.equals("icap") ? "icap://h:1/x" : place) + " no-such=1";
            assertThat(
                    catchThrowableOfType(IllegalArgumentException.class, () -> filters.step(step)))
                .hasMessage("\"" + step + "\": expected one of " + options + ", found no-such");
          });
    }
  }

  @Test
  void eachDefaultActionAndEachMacroIsNamed() throws IOException {
    for (DefaultAction action : DefaultAction.values()) {
      assertThat(page()).contains("| `" + action.name().toLowerCase() + "` |");
    }
    String macros =
        Files.readString(Path.of("src/main/java/org/caravanmta/filter/milter/MilterMacros.java"));
    String section = page().substring(page().indexOf("## A milter of your own"));
    Pattern.compile("case \"(\\w+)\"")
        .matcher(macros)
        .results()
        .forEach(found -> assertThat(section).containsPattern("\\b" + found.group(1) + "\\b|_]"));
  }

  /// What it says of the configuration of Debian's packages is what tests start them with.
  @Test
  void theProgramsAreStartedWithWhatItSays() throws IOException {
    var fixtures = new StringBuilder();
    try (var files = Files.newDirectoryStream(Path.of("src/test/java/org/caravanmta/peers"))) {
      for (Path file : files) {
        if (file.getFileName().toString().startsWith("Private")) {
          fixtures.append(Files.readString(file));
        }
      }
    }
    int lines = 0;
    for (String block : blocks("").stream().filter(text -> text.startsWith("# /etc/")).toList()) {
      for (String line : block.split("\n|(?<=;) ")) {
        if (!line.startsWith("#") && !line.startsWith("Include ")) {
          lines++;
          String name = line.split("[ =]")[0];
          assertThat(fixtures).as(line).contains(name);
        }
      }
    }
    assertThat(lines).isGreaterThan(15);
  }
}
