package org.caravanmta.filter.rspamd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An rspamd that is asked by `/checkv3`, and one that does not know it.
class RspamdPartsTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30));

  @TempDir Path store;

  private Examined letter() {
    return ExaminedLetters.of("Subject: x\r\n", "hello\r\n", store);
  }

  private static FilterAnswer ask(ScriptedRspamd rspamd, Examined message) {
    try (var filter = new RspamdFilter(rspamd.url(), PATIENCE, RspamdTerms.USUAL)) {
      return filter.examine(message);
    }
  }

  @Test
  void tellsWhatItKnowsApartFromTheMessage() throws Exception {
    Mail mail =
        Letters.letter(
            "Subject: \u00fc\r\n", "h\u00e9llo\r\n", "b@example.com", "\u00fc@b\u00fccher.example");
    Examined letter = ExaminedLetters.of(mail, ContentStore.open(store));
    try (var rspamd = new ScriptedRspamd();
        var filter =
            new RspamdFilter(
                rspamd.url(),
                PATIENCE,
                new RspamdTerms(Optional.of("ours"), Optional.of("secret"), "X-Spam"))) {
      assertThat(filter.examine(letter).judgement()).isEqualTo(Judgement.PASS);
      assertThat(rspamd.asked.getFirst().metadata())
          .hasToString(
              "{\"from\":\"<joe@far.example>\","
                  + "\"rcpt\":[\"b@example.com\",\"\u00fc@b\u00fccher.example\"],"
                  + "\"ip\":\"192.0.2.7\",\"helo\":\"client.example\","
                  + "\"hostname\":\"client.example\",\"queue_id\":\"4XyZ12abcdz3k\","
                  + "\"mta\":{\"name\":\"mx.example.com\"},\"settings_id\":\"ours\"}");
      assertThat(rspamd.asked.getFirst().message())
          .isEqualTo(letter.mail().headers() + "\r\nh\u00e9llo\r\n");
      assertThat(rspamd.asked.getFirst().password()).contains("secret");
      assertThat(rspamd.plain).isEmpty();
    }
  }

  @Test
  void saysWhatRspamdSays() throws Exception {
    try (var rspamd = new ScriptedRspamd()) {
      rspamd.answer =
          ScriptedRspamd.Answer.parts(
              "{\"action\":\"reject\",\"score\":15.2,\"symbols\":{\"GTUBE\":{}},"
                  + "\"message-id\":\"undef\"}",
              Optional.empty());
      FilterAnswer answer = ask(rspamd, letter());
      assertThat(answer.judgement())
          .isEqualTo(new Judgement.Refuse(Reply.of(554, "5.7.1", "Spam message rejected")));
      assertThat(answer.note()).isEqualTo("score=15.2 GTUBE");
    }
  }

  @Test
  void takesABodyThatRspamdHasRewritten() throws Exception {
    Examined letter = letter();
    try (var rspamd = new ScriptedRspamd()) {
      rspamd.answer =
          ScriptedRspamd.Answer.parts(
              "{\"action\":\"no action\",\"milter\":{\"add_headers\":{\"X-A\":\"a\"}}}",
              Optional.of("Subject: ignored\r\n\r\nother\r\n--rspamd-v3-00c0ff\r\n"));
      FilterAnswer answer = ask(rspamd, letter);
      Mail mail = EditedMail.edit(letter.mail(), answer.edits(), List::of);
      assertThat(mail.headers().fields().stream().map(Headers.Field::name))
          .containsExactly("Received", "Subject", "X-A");
      assertThat(mail.headers().first("Subject").orElseThrow().value()).isEqualTo("x");
      assertThat(((Content.Inline) mail.content()).bytes())
          .asString(UTF_8)
          .isEqualTo("other\r\n--rspamd-v3-00c0ff\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | text/plain | Not found",
        "500 | application/json |"
            + " {\"error\":\"invalid command\",\"error_domain\":\"protocol-error\"}",
        "200 | application/json |"
            + " {\"is_skipped\":true,\"score\":0.0,\"action\":\"no action\",\"symbols\":{}}"
      })
  void anOlderOneIsAskedAsItKnowsIt(int code, String type, String body) throws Exception {
    try (var rspamd = new ScriptedRspamd();
        var filter = new RspamdFilter(rspamd.url(), PATIENCE, RspamdTerms.USUAL)) {
      rspamd.answer = new ScriptedRspamd.Answer(code, type, body);
      assertThat(filter.examine(letter()).judgement()).isEqualTo(new Judgement.Discard("rspamd"));
      assertThat(filter.examine(letter()).judgement()).isEqualTo(new Judgement.Discard("rspamd"));
      // it has said once that it does not know the other
      assertThat(rspamd.asked).hasSize(1);
      assertThat(rspamd.plain).hasSize(2);
      // one that has failed may have been another version since
      rspamd.plainAnswer = "{}";
      assertThat(filter.examine(letter()).judgement()).isInstanceOf(Judgement.NoAnswer.class);
      rspamd.answer = ScriptedRspamd.Answer.parts("{\"action\":\"no action\"}", Optional.empty());
      assertThat(filter.examine(letter()).judgement()).isEqualTo(Judgement.PASS);
      assertThat(rspamd.asked).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | application/json | {\"error\":\"cannot parse metadata\"}",
        "503 | application/json | {}",
        "200 | text/html | <html>",
        "200 | application/json | {\"action\":\"no action\",\"message-id\":\"x\"}",
        "200 | multipart/mixed | --x--",
        "413 | text/plain | too large"
      })
  void anotherAnswerIsNone(int code, String type, String body) throws Exception {
    try (var rspamd = new ScriptedRspamd()) {
      rspamd.answer = new ScriptedRspamd.Answer(code, type, body);
      assertThat(ask(rspamd, letter()).judgement()).isInstanceOf(Judgement.NoAnswer.class);
      assertThat(rspamd.plain).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--b",
        "--b--\r\n",
        "{\"action\":\"no action\"}",
        "--b\r\n\r\n{\"action\":\"no action\"}\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n{\"action\":\"no action\"}",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n"
            + "{\"action\":\"no action\"}\r\n--b",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n"
            + "{\"action\":\"no action\"}\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"body\"\r\n\r\nX: half",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n{\"action\":\"x\"}\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\nContent-Encoding: zstd\r\n\r\n"
            + "{\"action\":\"no action\"}\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n"
            + "{\"action\":\"no action\"}\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nX: y\r\n\r\n\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n[]\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n{}\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n"
            + "{\"action\":\"no action\",\"is_skipped\":true}\r\n--b--\r\n"
      })
  void neitherAreHalvesOfParts(String body) throws Exception {
    try (var rspamd = new ScriptedRspamd()) {
      rspamd.answer = new ScriptedRspamd.Answer(200, "Multipart/Mixed; boundary=b", body);
      assertThat(ask(rspamd, letter()).judgement()).isInstanceOf(Judgement.NoAnswer.class);
      assertThat(rspamd.plain).isEmpty();
    }
  }

  @Test
  void theFieldsOfAPartHaveNoOrder() throws Exception {
    try (var rspamd = new ScriptedRspamd()) {
      rspamd.answer =
          new ScriptedRspamd.Answer(
              200,
              "multipart/mixed; charset=x; boundary=b",
              "--b\r\nContent-Type: application/json\r\n"
                  + "content-disposition: form-data; name=\"result\"\r\n\r\n"
                  + "{\"action\":\"discard\"}\r\n--b--");
      assertThat(ask(rspamd, letter()).judgement()).isEqualTo(new Judgement.Discard("rspamd"));
    }
  }
}
