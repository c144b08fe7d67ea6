package org.caravanmta.delivery.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.delivery.remote.SourceSettings;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the manual's page about replies.
class RepliesPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/replies.md");

  @TempDir Path directory;

  @Test
  void theSettingsAndTheRulesAreRight() throws Exception {
    Path file = Files.writeString(directory.resolve("replies"), found("(?s)```\n(# .*?)```"));
    Settings settings =
        read(found("(?s)```yaml\n(.*?)```").replace("/etc/caravan/replies", file.toString()));
    SourceSettings sources = settings.delivery().sources();
    assertThat(sources.pools()).hasSize(2);
    ReplyRules rules =
        ReplyRules.open(
            settings.delivery().scheduling().replies(),
            sources.pools().stream().map(line -> line.split(" ", 2)[0]).toList());
    assertThat(actions(rules, "421 4.7.0 Too many messages"))
        .isEqualTo("[slow, rate=30/m] for PT30M");
    assertThat(actions(rules, "550 5.7.1 rate limit exceeded"))
        .isEqualTo("[suspend, defer] for PT1H");
    assertThat(actions(rules, "554 5.7.1 listed at zen.spamhaus.org"))
        .isEqualTo("[defer, pool=spare] for PT24H");
    assertThat(actions(rules, "550 5.1.1 nobody")).isEqualTo("none");
  }

  @Test
  void aMistakeIsNamedWithTheSettingAndTheLineOfTheFile() throws Exception {
    Path file = Files.writeString(directory.resolve("replies"), "/^421/ pool=spare\n");
    Settings settings = read("delivery:\n  scheduling:\n    replies:\n      - " + file + "\n");
    WrongSetting wrong =
        catchThrowableOfType(
            WrongSetting.class,
            () -> ReplyRules.open(settings.delivery().scheduling().replies(), List.of()));
    assertThat(settings.places().of(wrong))
        .isEqualTo(
            directory.resolve("my.yaml")
                + ":4: delivery.scheduling.replies: "
                + file
                + ":1: pool=spare: expected a pool of delivery.sources.pools, which has none");
  }

  private static String actions(ReplyRules rules, String reply) {
    var refusal =
        new Reason(
            Status.of(reply.charAt(0) + ".0.0"), "said", Optional.of("mx"), Optional.of(reply));
    return rules
        .on(refusal, "example.net", "mx.example.net")
        .map(rule -> rule.actions() + " for " + rule.time())
        .orElse("none");
  }

  private Settings read(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("my.yaml"), text);
    return SettingsFile.read(Optional.of(file), List.of(), Optional.empty());
  }

  private static String found(String pattern) throws Exception {
    var matcher = Pattern.compile(pattern).matcher(Files.readString(PAGE));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
