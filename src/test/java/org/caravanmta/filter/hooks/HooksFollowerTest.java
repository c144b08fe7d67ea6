package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.ContentStore;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A service that has not been told of each step of the dialogue, since an earlier filter had
/// decided it, and is asked about the message all the same.
class HooksFollowerTest {
  @TempDir Path store;

  private static Judgement hear(Follower follower, DialogueEvent event) {
    return follower.hear(Letters.CLIENT, event);
  }

  private static DialogueEvent event(String word) {
    return word.equals("mail")
        ? new DialogueEvent.Sender(
            ReversePath.parse("joe@far.example"), "joe@far.example", List.of())
        : new DialogueEvent.Recipient(
            Address.parse(word + "@example.com"),
            word + "@example.com",
            List.of(),
            Optional.of("4XyZ12abcdz3k"));
  }

  private Examined letter() throws Exception {
    return ExaminedLetters.of(
        Letters.letter(
            "Subject: x\r\n", "hello\r\n", "a@example.com", "b@example.com", "c@example.com"),
        ContentStore.open(store));
  }

  /// What it was asked, in short: `rcpt a,b` about b.
  private static String asked(JsonObject body) {
    String stage = body.getString("stage");
    if (!stage.equals("rcpt")) {
      return stage;
    }
    JsonObject envelope = body.getJsonObject("envelope");
    assertThat(envelope.getJsonObject("from").getString("address")).isEqualTo("joe@far.example");
    JsonArray to = envelope.getJsonArray("to");
    return to.getValuesAs(JsonObject.class).stream()
        .map(each -> each.getString("address").substring(0, 1))
        .collect(Collectors.joining(",", "rcpt ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail a b c | connect ehlo mail rcpt a rcpt a,b rcpt a,b,c data",
        // an earlier filter has decided MAIL, and perhaps what came after it
        "''         | connect ehlo mail rcpt a rcpt a,b rcpt a,b,c data",
        "a b c      | connect ehlo mail rcpt a rcpt a,b rcpt a,b,c data",
        "mail       | connect ehlo mail rcpt a rcpt a,b rcpt a,b,c data",
        "mail a c   | connect ehlo mail rcpt a rcpt a,c rcpt a,c,b data",
        // what stands last, an earlier filter has added
        "mail a b   | connect ehlo mail rcpt a rcpt a,b data",
      })
  void isAskedAboutWhatItHasMissed(String said, String asked) throws Exception {
    try (var service = new ScriptedService();
        var asking = Hooks.at(service.url());
        var follower = new FollowedHooks(asking, "mx.example.com").follow()) {
      hear(follower, new DialogueEvent.Connected(1));
      hear(follower, new DialogueEvent.Greeted());
      for (String word : said.split(" ")) {
        if (!word.isEmpty()) {
          assertThat(hear(follower, event(word))).isEqualTo(Judgement.PASS);
        }
      }
      assertThat(follower.examine(letter()).judgement()).isEqualTo(Judgement.PASS);
      assertThat(String.join(" ", service.asked.stream().map(each -> asked(each.body())).toList()))
          .isEqualTo(asked);
    }
  }

  @Test
  void mayRefuseWhatItHasMissed() throws Exception {
    try (var service =
            new ScriptedService()
                .then(
                    ScriptedService.Answer.of(
                        200, "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"reject\"}]"));
        var asking = Hooks.at(service.url(), HooksStage.MAIL, HooksStage.DATA);
        var follower = new FollowedHooks(asking, "mx.example.com").follow()) {
      hear(follower, new DialogueEvent.Connected(1));
      assertThat(follower.examine(letter()).judgement()).isInstanceOf(Judgement.Refuse.class);
      assertThat(service.asked).hasSize(1);
      assertThat(service.asked.getFirst().body().getString("stage")).isEqualTo("mail");
    }
  }
}
