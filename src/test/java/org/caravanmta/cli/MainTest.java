package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.control.ControlServer;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.StageStatus;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> ran = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> warned = new ArrayList<>();

  @Test
  void startRunsTheServerWithWhatTheOperatorSaid() {
    assertThat(
            caravan(
                "start",
                "--data",
                "/srv/mail",
                "--set",
                "hostname=mx.example.org",
                "--routes",
                "r"))
        .isZero();
    assertThat(ran).containsExactly("mx.example.org /srv/mail r");
  }

  @Test
  void routesAreThoseOfTheInstallation() {
    System.setProperty("caravan.home", "/opt/caravan");
    try {
      caravan("start", "--set", "hostname=a.example");
    } finally {
      System.clearProperty("caravan.home");
    }
    caravan("start", "--set", "hostname=a.example");
    assertThat(ran).containsExactly("a.example var /opt/caravan/routes", "a.example var routes");
  }

  @Test
  void wrongSettingsAreNamedOneToALineAndNothingStarts() throws Exception {
    Path file =
        Files.writeString(directory.resolve("my.yaml"), "hostnam: x\nsmtp:\n  timeout: soon\n");
    assertThat(caravan("start", "--config", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "caravan: " + file + ":1: hostnam: unknown key; did you mean hostname?",
            "caravan: "
                + file
                + ":3: smtp.timeout: soon: a duration such as 90s, 5m, 2h or 5d was expected");
    assertThat(ran).isEmpty();
  }

  @Test
  void whatKeepsTheServerFromStartingIsSaidWithoutAStackTrace() {
    assertThat(caravan("start", "--routes", "broken")).isEqualTo(2);
    assertThat(caravan("start", "--routes", "taken")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "caravan: broken/relay.camel.yaml: no such step",
            "caravan: 127.0.0.1:25: Address already in use");
  }

  @Test
  void checkNamesWhatIsWrong() {
    assertThat(caravan("check")).isZero();
    assertThat(out.toString()).startsWith("settings, tables and routes are good");
    wrong.add("routes/checks.camel.yaml: no such bean");
    assertThat(caravan("check")).isEqualTo(2);
    assertThat(err.toString()).startsWith("caravan: routes/checks.camel.yaml: no such bean");
  }

  @Test
  void verbsAreAskedOfTheServerOnTheSameData() throws Exception {
    var asked = new ArrayList<String>();
    Map<String, ControlVerb> verbs =
        Map.of(
            "queue.list", (args, _) -> asked.add("listed " + args),
            "queue.delete", (args, _) -> asked.add("deleted " + args),
            "queue.flush", (args, _) -> asked.add("flushed " + args),
            "stage.stop", (args, _) -> asked.add("stopped " + args),
            "stage.list",
                (args, rows) -> {
                  asked.add("stages " + args);
                  rows.add(
                      new StageStatus("dnsbl", StageStatus.State.RUNNING, "Asks lists.").fields());
                  rows.add(new StageStatus("greylist", StageStatus.State.STOPPED, "").fields());
                },
            "metrics",
                (args, rows) -> {
                  asked.add("figures " + args);
                  rows.add(List.of("# HELP a b\na 1.0\n"));
                });
    try (var _ = new ControlServer(directory, verbs)) {
      String data = directory.toString();
      assertThat(caravan("queue", "list", "--data", data)).isZero();
      assertThat(caravan("queue", "list", "--data", data, "--json", "deferred.*")).isZero();
      assertThat(caravan("queue", "delete", "--data", data, "4A", "4B", "--queue", "hold"))
          .isZero();
      assertThat(caravan("queue", "flush", "--data", data)).isZero();
      assertThat(caravan("queue", "flush", "--data", data, "4A")).isZero();
      assertThat(caravan("stage", "stop", "--data", data, "dnsbl")).isZero();
      assertThat(caravan("stage", "list", "--data", data)).isZero();
      assertThat(caravan("metrics", "--set", "data.directory=" + data)).isZero();
      assertThat(caravan("queue", "show", "--data", data, "4A")).isEqualTo(2);
    }
    assertThat(asked)
        .containsExactly(
            "listed []",
            "listed [deferred.*]",
            "deleted [hold, 4A, 4B]",
            "flushed [ALL]",
            "flushed [4A]",
            "stopped [dnsbl]",
            "stages []",
            "figures []");
    // the list as JSON is of objects alone
    assertThat(out.toString().lines())
        .containsExactly(
            "Mail queue is empty",
            "all deferred mail is due now",
            "dnsbl                running  Asks lists.",
            "greylist             stopped  ",
            "# HELP a b",
            "a 1.0");
  }

  /// Names in messages, replies of servers and lines of files are what others have chosen.
  @Test
  void whatOthersWroteDoesNotSteerTheTerminal() throws Exception {
    String evil = "\u001b]0;x\u0007 \u009b2J \u0085 \u2029 \u2067 \r\u007f josé\t😀";
    String shown = "?]0;x? ?2J ? ? ? ?? josé\t😀";
    wrong.add("tables/a: " + evil);
    assertThat(caravan("check")).isEqualTo(2);
    assertThat(caravan("start", "--set", "hostname=a b\u001bc")).isEqualTo(2);
    Map<String, ControlVerb> verbs =
        Map.of(
            "metrics",
            (_, rows) -> rows.add(List.of(evil + "\n")),
            "queue.show",
            (args, _) -> {
              throw new IllegalArgumentException(args.getFirst() + ": no such message");
            });
    try (var _ = new ControlServer(directory, verbs)) {
      String data = directory.toString();
      assertThat(caravan("metrics", "--data", data)).isZero();
      assertThat(caravan("queue", "show", "--data", data, "4\u202eA")).isEqualTo(2);
    }
    assertThat(out.toString()).isEqualTo(shown + "\n");
    assertThat(err.toString())
        .contains("caravan: tables/a: " + shown, "a b?c", "caravan: 4?A: no such message\n")
        .doesNotContain("\u001b");
  }

  @Test
  void settingsAreThoseOfTheInstallationUnlessOthersAreNamed() throws Exception {
    Path usual = Files.writeString(directory.resolve("usual.yaml"), "hostname: a.example\n");
    Path none = directory.resolve("none.yaml");
    assertThat(Installed.settings(_ -> null, none)).isEmpty();
    assertThat(Installed.settings(_ -> "", usual)).contains(usual);
    // a mistyped name is not passed over
    assertThat(Installed.settings(Map.of("CARAVAN_CONFIG", none.toString())::get, usual))
        .contains(none);
  }

  @Test
  void withoutARunningServerAVerbSaysSo() {
    assertThat(caravan("queue", "list", "--data", directory.toString())).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("caravan is not running on " + directory + " (no control file)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "start --help",
        "check --help",
        "queue --help",
        "queue list --help",
        "queue delete --help",
        "stage --help",
        "stage stop --help",
        "metrics --help",
        "sendmail --help",
        "help queue"
      })
  void everyCommandHelps(String command) {
    assertThat(caravan(command.split(" "))).isZero();
    assertThat(out.toString()).startsWith("Usage: caravan");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void wrongUseIsOneLineAndWhereToReadMore() {
    assertThat(caravan("start", "--confg", "x")).isEqualTo(2);
    assertThat(caravan("queue", "delete")).isEqualTo(2);
    assertThat(caravan()).isEqualTo(2);
    assertThat(err.toString())
        .contains("--config", "`caravan start --help` says more.", "`caravan queue delete --help`");
    assertThat(ran).isEmpty();
  }

  @Test
  void whatShouldBeMendedIsSaidAndKeepsNothingFromStarting() {
    warned.add("routes: mode 0777, users other than its owner can change it: chmod go-w");
    assertThat(caravan("check")).isZero();
    assertThat(err.toString().lines())
        .containsExactly(
            "caravan: warning: routes: mode 0777, users other than its owner can change it: chmod"
                + " go-w");
    assertThat(out.toString()).contains("settings, tables and routes are good");
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(caravan("version")).isZero();
    assertThat(caravan("--version")).isZero();
    assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("caravan "));
  }

  private int caravan(String... args) {
    var server =
        new Server() {
          @Override
          public void run(Settings settings, Path routes) throws Exception {
            if (routes.endsWith("broken")) {
              throw new Problem(routes + "/relay.camel.yaml: no such step");
            }
            if (routes.endsWith("taken")) {
              throw new BindException("127.0.0.1:25: Address already in use");
            }
            ran.add(
                settings.hostname().orElseThrow()
                    + " "
                    + settings.data().directory()
                    + " "
                    + routes);
          }

          @Override
          public List<String> check(
              Settings settings, Optional<Path> config, Path routes, Consumer<String> warning) {
            warned.forEach(warning);
            return wrong;
          }
        };
    return new Main(() -> server)
        .commandLine(new PrintWriter(out), new PrintWriter(err))
        .execute(args);
  }
}
