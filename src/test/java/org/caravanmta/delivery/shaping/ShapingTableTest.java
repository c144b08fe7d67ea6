package org.caravanmta.delivery.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.config.WrongSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapingTableTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "example.net, 2",
    "Example.NET, 2",
    "mail.example.net, 4",
    "a.b.example.net, 4",
    "a.deep.example.net, 5",
    "[192.0.2.1]:25, 8",
    "[192.0.2.1], none",
    "[mail.example.net], none",
    "mail.example.net:587, none",
    "example.org, none"
  })
  void aDestinationHasTheRuleOfItsNameOrOfTheClosestDomainAboveIt(String hop, String line)
      throws IOException {
    ShapingTable table =
        open(
            """
            # destinations
            example.net concurrency=3

            .example.net concurrency=4
            .deep.example.net
              # with more to say
              concurrency=5
            [192.0.2.1]:25 concurrency=2
            """);
    assertThat(table.destination(hop).map(ShapingRule::place).map(ShapingTableTest::line))
        .isEqualTo(Optional.of(line).filter(it -> !it.equals("none")));
  }

  @ParameterizedTest
  @CsvSource({
    "mx1.provider.example, 3",
    "MX1.Provider.Example., 3",
    "mx2.provider.example, 2",
    "a.b.provider.example, 1",
    "provider.example, none",
    "mx1xprovider.example, none"
  })
  void aServerHasTheRuleOfItsNameOrOfTheLongestPattern(String host, String line)
      throws IOException {
    ShapingTable table =
        open(
            """
            mx:*.provider.example messages-per-connection=1
            mx:mx*.provider.example messages-per-connection=2
            mx:mx1.provider.example messages-per-connection=3
            """);
    assertThat(table.server(host).map(ShapingRule::place).map(ShapingTableTest::line))
        .isEqualTo(Optional.of(line).filter(it -> !it.equals("none")));
  }

  @Test
  void aRuleSaysOnlyWhatItSays() throws IOException {
    ShapingRule rule =
        open("example.net concurrency=3, rate-delay=10s").destination("example.net").orElseThrow();
    assertThat(rule.given())
        .isEqualTo(
            new ShapingRule.Given(
                Optional.of(3),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(10))));
    assertThat(rule.origin("concurrency", 3))
        .isEqualTo("concurrency=3, " + file() + ":1 (example.net)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.net | expected a limit after it",
        "example.net concurency=3 | concurency=3: expected NAME=VALUE, with a name of concurrency,",
        "example.net concurrency | concurrency: expected NAME=VALUE",
        "example.net concurrency=0 | concurrency=0: expected a whole number from 1",
        "example.net concurrency=many | concurrency=many: expected a whole number from 1",
        "example.net concurrency=9999999999 | expected a whole number from 1",
        "example.net concurrency=3 concurrency=4 | concurrency=4: expected concurrency only once",
        "example.net messages-per-connection=-1 | expected a whole number from 0",
        "example.net rate-delay=10 | rate-delay=10: expected a time such as",
        "example.net rate-delay=0s | rate-delay=0s: expected a time such as",
        "[192.0.2.1 concurrency=3 | expected a destination such as example.net",
        "mx: messages-per-connection=3 | expected a name of servers after mx:",
        "mx:a/b messages-per-connection=3 | expected a name of servers after mx:",
        "mx:mx1.example.net connections=0 | connections=0: expected a whole number from 1",
        "mx:mx1.example.net rate=0/s | rate=0/s: expected a rate such as 12/s, 600/m or 1000/h",
        "example.net rate=12 | rate=12: expected a rate such as 12/s, 600/m or 1000/h",
        "example.net rate=1/d | rate=1/d: expected a rate such as 12/s, 600/m or 1000/h",
        "example.net connections=3 | expected NAME=VALUE, with a name of concurrency, rate,",
        "mx:mx1.example.net concurrency=3 | expected NAME=VALUE, with a name of"
      })
  void aMistakeIsNamedWithFileLineKeyAndWhatWasExpected(String line, String expected) {
    assertThatThrownBy(() -> open("# limits\n" + line))
        .isInstanceOf(WrongSetting.class)
        .hasMessageStartingWith(file() + ":2: " + line.split(" ", 2)[0] + ": ")
        .hasMessageContaining(expected);
  }

  @Test
  void allMistakesAreNamedAndNoKeyMayBeTwice() {
    assertThatThrownBy(
            () -> open("a.example concurrency=1\nb.example x=1\nA.example concurrency=2\n"))
        .hasMessageContaining(file() + ":2: b.example: x=1: expected")
        .hasMessageContaining(file() + ":3: a.example: expected once, but is at " + file() + ":1");
    assertThatThrownBy(() -> open("  a.example concurrency=1")).hasMessageContaining("line 1");
    assertThatThrownBy(
            () -> ShapingTable.open(new ShapingSettings(List.of(directory.resolve("none")), 1)))
        .hasMessage(directory.resolve("none") + ": there is no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "example.net, mx.example.net, 20",
    "example.net, mx1.provider.example, 5",
    "large.example, mx1.provider.example, 5",
    "large.example, mx.example.net, 500",
    "free.example, mx.example.net, 2147483647",
    "other.example, mx.example.net, 100"
  })
  void theSmallerNumberOfMessagesCountsAndTheSettingWhereThereIsNoRule(
      String hop, String host, int most) throws IOException {
    Files.writeString(
        file(),
        """
        example.net messages-per-connection=20
        large.example messages-per-connection=500
        free.example messages-per-connection=0
        mx:*.provider.example messages-per-connection=5
        """);
    Shaping shaping = Shaping.open(new ShapingSettings(List.of(file()), 100), new ServerGroups());
    assertThat(shaping.messagesPerConnection(hop, host)).isEqualTo(most);
  }

  private ShapingTable open(String text) throws IOException {
    return ShapingTable.open(new ShapingSettings(List.of(Files.writeString(file(), text)), 100));
  }

  private Path file() {
    return directory.resolve("shaping");
  }

  private static String line(String place) {
    return place.substring(place.lastIndexOf(':') + 1);
  }
}
