package org.caravanmta.delivery.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyRulesTest {
  private static final String SLOW_DOWN = "421 4.7.0 Too many messages, slow down";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/^421/ suspend                             | suspend                 | PT15M",
        "/^421/ suspend for 2h                      | suspend                 | PT2H",
        "/^421/ slow, rate=30/m for 90s             | slow, rate=30/m         | PT1M30S",
        "/^421/ rate=2/s                            | rate=2/s                | PT15M",
        "/^421/ rate=1/h for 1d                     | rate=1/h                | PT24H",
        "/^421/ connections=3, pool=spare for 1h    | concurrency=3, pool=spare | PT1H",
        "/^421/ concurrency=1 at *.far.example      | concurrency=1           | PT15M",
        "/^421/ slow at mx.far.example for 5m       | slow                    | PT5M",
        "/^421/ defer                               | defer                   | PT15M",
        "/^421/ fail at far.example                 | fail                    | PT15M",
        "/SLOW DOWN/ slow                           | slow                    | PT15M",
        "!/^5/ slow                                 | slow                    | PT15M",
      })
  void aRuleIsReadAsItIsWritten(String line, String actions, Duration time) {
    ReplyRule rule = on(line).orElseThrow();
    assertThat(String.join(", ", rule.actions().stream().map(Object::toString).toList()))
        .isEqualTo(actions);
    assertThat(rule.time()).isEqualTo(time);
    assertThat(rule.place()).isEqualTo(directory.resolve("replies") + ":1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/^450/ slow",
        "/SLOW DOWN/i slow",
        "/^421/ slow at *.near.example",
        "/^421/ slow at near.example, mx.near.example"
      })
  void aRuleForOtherRepliesOrServersDoesNotMatch(String line) {
    assertThat(on(line)).isEmpty();
  }

  @Test
  void theFirstThatMatchesCountsAlone() {
    String[] lines = {
      "# two of these match", "/^450/ suspend", "/^421/", "  slow for 5m", "/too many/ rate=1/s"
    };
    ReplyRule rule = on(lines).orElseThrow();
    assertThat(rule.actions()).containsExactly(new ReplyAction.Slow());
    assertThat(rule.place()).isEqualTo(directory.resolve("replies") + ":3");
  }

  @Test
  void whatNoServerHasSaidHasNoRule() {
    ReplyRules rules = RuleFiles.rules(directory, List.of(), "/./ suspend");
    Reason ours = Reason.of("4.4.1", "connect to mx: Connection refused");
    assertThat(rules.on(ours, "far.example", "mx.far.example")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "defer | 5.7.1 | 4.7.1 | ' (deferred by '",
        "defer | 4.7.1 | 4.7.1 | ",
        "fail  | 4.2.2 | 5.2.2 | ' (final by '",
        "fail  | 5.2.2 | 5.2.2 | ",
        "slow  | 5.2.2 | 5.2.2 | "
      })
  void aRefusalIsSoftenedOrMadeFinalAndSaysBy(
      String action, String given, String made, String mark) {
    ReplyRule rule = on("/^421/ " + action).orElseThrow();
    var refusal =
        new Reason(Status.of(given), "said: no", Optional.of("mx"), Optional.of("421 no"));
    Reason outcome = rule.of(refusal);
    assertThat(outcome.status()).hasToString(made);
    assertThat(outcome.text())
        .isEqualTo(mark == null ? "said: no" : "said: no" + mark + rule.place() + ")");
    assertThat(outcome.reply()).isEqualTo(refusal.reply());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "421 slow             | expected /pattern/, found \"421 slow\"",
        "/^421 slow           | expected a second / at the end of the pattern, in \"/^421 slow\"",
        "/^421(/ slow         | \"^421(\" is not a regular expression",
        "/^421/q slow         | the flag q is not one of i, m, s, x, A, E, U, X",
        "/^421/               | expected suspend, slow, concurrency=N, connections=N, rate=N/s",
        "/^421/ for 5m        | for: expected suspend, slow, concurrency=N",
        "/^421/ wait          | wait: expected suspend, slow, concurrency=N",
        "/^421/ suspend=5m    | suspend=5m: expected suspend, slow, concurrency=N",
        "/^421/ concurrency=0 | concurrency=0: expected a whole number from 1 to 999999",
        "/^421/ connections=x | connections=x: expected a whole number from 1 to 999999",
        "/^421/ rate=5        | rate=5: expected a whole number from 1 and a unit, as in rate=30/m",
        "/^421/ rate=5/d      | rate=5/d: expected a whole number from 1 and a unit",
        "/^421/ rate=0/s      | rate=0/s: expected a whole number from 1 and a unit",
        "/^421/ pool=bulk     | pool=bulk: expected a pool of delivery.sources.pools, which has"
            + " spare",
        "/^421/ slow, slow    | slow: expected once in a rule, but slow stands before it",
        "/^421/ concurrency=1 connections=2 | concurrency=2: expected once in a rule, but"
            + " concurrency=1",
        "/^421/ defer, fail   | fail: expected either defer or fail, not both",
        "/^421/ slow for      | for: expected a time such as 30s, 15m or 2h",
        "/^421/ slow for ever | for ever: expected a time such as 30s, 15m or 2h",
        "/^421/ slow for 0s   | for 0s: expected a time such as 30s, 15m or 2h",
        "/^421/ slow for 5m for 5m | for: expected only once",
        "/^421/ slow for 5m 6m | 6m: expected at and names of next hops or servers, or nothing",
        "/^421/ defer for 5m  | for: expected only with what holds for a time; defer and fail are"
            + " for",
        "/^421/ slow at       | at: expected a name of a next hop or server after it",
        "/^421/ slow at a@b   | at a@b: expected a name of a next hop or server, such as"
            + " *.example.net"
      })
  void aMistakeIsToldWithItsPlaceItsValueAndWhatWasExpected(String line, String expected) {
    assertThatThrownBy(() -> RuleFiles.rules(directory, List.of("spare"), "# a rule", line))
        .isInstanceOf(WrongSetting.class)
        .hasMessageStartingWith(directory.resolve("replies") + ":2: " + expected);
  }

  @Test
  void allMistakesOfAllFilesAreToldTogether() throws Exception {
    Path one = Files.writeString(directory.resolve("one"), "/^421/ go\n/^450/ slow\n/^451/ stop\n");
    Path none = directory.resolve("none");
    Path two = Files.writeString(directory.resolve("two"), "  slow\n");
    assertThatThrownBy(
            () -> ReplyRules.open(new ReplySettings(List.of(one, none, two)), List.of("spare")))
        .hasMessageContaining(one + ":1: go: expected")
        .hasMessageContaining(one + ":3: stop: expected")
        .hasMessageContaining(none + ": there is no such file")
        .hasMessageContaining(two + ", line 1: continues a line, but there is none before it");
    assertThatThrownBy(() -> RuleFiles.rules(directory, List.of(), "/^421/ pool=bulk"))
        .hasMessageContaining(
            "pool=bulk: expected a pool of delivery.sources.pools, which has none");
  }

  /// The file that we ship has examples only; each of them is right.
  @Test
  void theExamplesThatWeShipAreRight() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("config/tables/replies"));
    String[] examples =
        lines.stream()
            .filter(line -> line.startsWith("#/"))
            .map(line -> line.substring(1))
            .toArray(String[]::new);
    assertThat(examples.length).isGreaterThan(8);
    assertThat(lines).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    ReplyRules rules = RuleFiles.rules(directory, List.of("spare"), examples);
    assertThat(
            actions(
                rules,
                "aspmx.l.google.com",
                "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail"))
        .isEqualTo("[slow, rate=20/m]");
    assertThat(
            actions(
                rules,
                "mta5.am0.yahoodns.net",
                "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred"))
        .isEqualTo("[slow, rate=10/m]");
    assertThat(
            actions(
                rules,
                "far-example.mail.protection.outlook.com",
                "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited"))
        .isEqualTo("[slow, rate=20/m]");
    assertThat(actions(rules, "mx.far.example", SLOW_DOWN)).isEqualTo("[slow, rate=30/m]");
    assertThat(actions(rules, "mx.far.example", "550 5.7.1 rate limit exceeded"))
        .isEqualTo("[defer, rate=10/m]");
    assertThat(actions(rules, "mx.far.example", "550 5.1.1 no such user")).isEqualTo("none");
  }

  private static String actions(ReplyRules rules, String server, String reply) {
    return rules
        .on(refusal(reply), "far.example", server)
        .map(rule -> rule.actions().toString())
        .orElse("none");
  }

  private Optional<ReplyRule> on(String... lines) {
    return RuleFiles.rules(directory, List.of("spare"), lines)
        .on(refusal(SLOW_DOWN), "far.example", "mx.far.example");
  }

  private static Reason refusal(String reply) {
    return new Reason(
        Status.of(reply.charAt(0) + ".0.0"),
        "host mx said: " + reply,
        Optional.of("mx"),
        Optional.of(reply));
  }
}
