package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.hooks.OutboundAnswer.RecipientChange;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service is told of deliveries and reports, and what it may make of them.
class OutboundHooksTest {
  private static final Instant LATER = Hooks.NOW.plus(Duration.ofHours(1)).plusNanos(1234);
  private static final RecipientOutcome DELIVERED =
      outcome("a@example.net", RecipientOutcome.State.DELIVERED, Reply.of(250, "2.0.0", "Ok"));
  private static final RecipientOutcome DEFERRED =
      new RecipientOutcome(
          new HooksAddress("b@example.net", Map.of("NOTIFY", "FAILURE")),
          RecipientOutcome.State.DEFERRED,
          3,
          Optional.of(new Reply(451, Optional.empty(), List.of("Try", "later"))),
          Optional.of(LATER),
          Optional.of(LATER.plusSeconds(60)),
          Optional.of("delivery.smtp"));
  private static final RecipientOutcome FAILED =
      outcome(
          "c@example.net", RecipientOutcome.State.FAILED, Reply.of(550, "5.1.1", "User unknown"));

  @TempDir Path store;

  private static RecipientOutcome outcome(
      String address, RecipientOutcome.State state, Reply reply) {
    return new RecipientOutcome(
        new HooksAddress(address, Map.of()),
        state,
        1,
        Optional.of(reply),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Examined letter() {
    return ExaminedLetters.of("Subject: x\r\n", "hello\r\n", store);
  }

  private static OutboundFacts facts(Optional<Examined> message) {
    return new OutboundFacts(
        "4XyZ12abcdz3k",
        "mx.example.com",
        new HooksAddress("joe@example.com", Map.of()),
        List.of(DELIVERED, DEFERRED, FAILED),
        3,
        Optional.of(Hooks.NOW.plus(Duration.ofDays(5))),
        message);
  }

  private interface Question {
    OutboundAnswer ask(OutboundHooks hooks);
  }

  private static OutboundAnswer answer(String json, Question question) throws Exception {
    try (var service = new ScriptedService().then(ScriptedService.Answer.of(200, json));
        var asking = Hooks.at(service.url())) {
      return question.ask(new OutboundHooks(asking));
    }
  }

  @Test
  void tellsHowItStands() throws Exception {
    try (var service = new ScriptedService();
        var asking = Hooks.at(service.url())) {
      OutboundFacts facts = facts(Optional.empty());
      assertThat(new OutboundHooks(asking).delivery(facts)).isEqualTo(OutboundAnswer.PROCEED);
      assertThat(new OutboundHooks(asking).defer(facts)).isEqualTo(OutboundAnswer.PROCEED);
      assertThat(new OutboundHooks(asking).dsn(facts(Optional.of(letter()))))
          .isEqualTo(OutboundAnswer.PROCEED);
      assertThat(service.asked.stream().map(asked -> asked.body().getString("stage")))
          .containsExactly("delivery", "defer", "dsn");
      JsonObject told = service.asked.getFirst().body();
      assertThat(told.get("queue"))
          .hasToString(
              "{\"id\":\"4XyZ12abcdz3k\",\"expiresAt\":\"2026-12-05T10:00:00Z\",\"attempts\":3}");
      assertThat(told.getJsonObject("envelope").getJsonArray("to").get(1))
          .hasToString(
              "{\"address\":\"b@example.net\",\"parameters\":{\"NOTIFY\":\"FAILURE\"},"
                  + "\"status\":\"deferred\",\"attempt\":3,\"lastResponse\":{\"code\":451,"
                  + "\"enhancedCode\":null,\"message\":\"Try\\nlater\"},"
                  + "\"nextAttemptAt\":\"2026-11-30T11:00:00Z\","
                  + "\"nextDsnAt\":\"2026-11-30T11:01:00Z\",\"queueName\":\"delivery.smtp\"}");
      assertThat(told).doesNotContainKeys("client", "response", "tls", "auth", "rawMessage");
      assertThat(service.asked.getLast().raw()).endsWith("\r\n\r\nhello\r\n");
    }
  }

  @Test
  void isNotAskedWhereItDoesNotWantToBe() throws Exception {
    try (var service = new ScriptedService();
        var asking = Hooks.at(service.url(), HooksStage.DATA, HooksStage.DSN)) {
      assertThat(new OutboundHooks(asking).defer(facts(Optional.empty())))
          .isEqualTo(OutboundAnswer.PROCEED);
      assertThat(service.registrations).isEmpty();
    }
  }

  @Test
  void cancelsAndProceeds() throws Exception {
    OutboundFacts facts = facts(Optional.empty());
    assertThat(
            answer(
                "{\"set\":[{\"path\":\"/action\",\"value\":\"cancel\"}]}",
                hooks -> hooks.delivery(facts)))
        .isEqualTo(new OutboundAnswer.Cancel());
    assertThat(
            answer(
                "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"continue\"}]",
                hooks -> hooks.defer(facts)))
        .isEqualTo(OutboundAnswer.PROCEED);
  }

  @Test
  void changesWhatBecomesOfARecipient() throws Exception {
    OutboundFacts facts = facts(Optional.empty());
    assertThat(
            answer(
                "{\"set\":[{\"path\":\"/envelope/to/1/status\",\"value\":\"failed-silent\"}]}",
                hooks -> hooks.delivery(facts)))
        .isEqualTo(
            new OutboundAnswer.Change(
                List.of(
                    new RecipientChange(
                        1,
                        DEFERRED,
                        new RecipientOutcome(
                            DEFERRED.recipient(),
                            RecipientOutcome.State.FAILED_SILENT,
                            3,
                            DEFERRED.lastReply(),
                            DEFERRED.nextAttempt(),
                            DEFERRED.nextReport(),
                            DEFERRED.queue()))),
                List.of()));
    assertThat(
            answer(
                """
                [{"op": "replace", "path": "/envelope/to/2/status", "value": "deferred"},
                 {"op": "replace", "path": "/envelope/to/2/nextAttemptAt",
                  "value": "2026-11-30T12:00:00Z"},
                 {"op": "replace", "path": "/envelope/to/2/lastResponse",
                  "value": {"code": 450, "enhancedCode": "4.1.1", "message": "Not yet"}},
                 {"op": "replace", "path": "/envelope/to/1/nextDsnAt", "value": null}]
                """,
                hooks -> hooks.delivery(facts)))
        .isEqualTo(
            new OutboundAnswer.Change(
                List.of(
                    new RecipientChange(
                        1,
                        DEFERRED,
                        new RecipientOutcome(
                            DEFERRED.recipient(),
                            RecipientOutcome.State.DEFERRED,
                            3,
                            DEFERRED.lastReply(),
                            DEFERRED.nextAttempt(),
                            Optional.empty(),
                            DEFERRED.queue())),
                    new RecipientChange(
                        2,
                        FAILED,
                        new RecipientOutcome(
                            FAILED.recipient(),
                            RecipientOutcome.State.DEFERRED,
                            1,
                            Optional.of(Reply.of(450, "4.1.1", "Not yet")),
                            Optional.of(Instant.parse("2026-11-30T12:00:00Z")),
                            Optional.empty(),
                            Optional.empty()))),
                List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"delete\":[{\"path\":\"/message\"}]}",
        "{\"set\":[{\"path\":\"/rawMessage\",\"value\":null}]}",
        "[{\"op\":\"remove\",\"path\":\"/rawMessage\"}]"
      })
  void aReportMayBeKeptBack(String json) throws Exception {
    OutboundFacts facts = facts(Optional.of(letter()));
    assertThat(answer(json, hooks -> hooks.dsn(facts)))
        .isEqualTo(new OutboundAnswer.SuppressReport(List.of()));
    assertThat(answer(json, hooks -> hooks.delivery(facts)))
        .isInstanceOf(OutboundAnswer.NoAnswer.class);
  }

  @Test
  void aReportMayBeChanged() throws Exception {
    Examined report = letter();
    var change =
        (OutboundAnswer.Change)
            answer(
                """
                {"add": [{"path": "/message/headers", "index": 0,
                          "value": {"name": "DKIM2-Signature", "value": "i=1"}}]}
                """,
                hooks -> hooks.dsn(facts(Optional.of(report))));
    assertThat(change.recipients()).isEmpty();
    assertThat(
            EditedMail.edit(report.mail(), change.edits(), List::of).headers().fields().stream()
                .map(Headers.Field::name))
        .containsExactly("DKIM2-Signature", "Received", "Subject");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"set\":[{\"path\":\"/action\",\"value\":\"reject\"}]}",
        "{\"set\":[{\"path\":\"/envelope/to/1/status\",\"value\":\"lost\"}]}",
        "{\"set\":[{\"path\":\"/envelope/to/0/status\",\"value\":\"deferred\"}]}",
        "{\"set\":[{\"path\":\"/envelope/to/1/nextAttemptAt\",\"value\":\"soon\"}]}",
        "{\"set\":[{\"path\":\"/envelope/to/1/nextAttemptAt\",\"value\":7}]}",
        "{\"set\":[{\"path\":\"/envelope/to/1/lastResponse\",\"value\":{\"message\":\"x\"}}]}",
        "{\"set\":[{\"path\":\"/envelope/to/1/address\",\"value\":\"d@example.net\"}]}",
        "{\"set\":[{\"path\":\"/envelope/to/1/route\",\"value\":{}}]}",
        "{\"delete\":[{\"path\":\"/envelope/to/1/address\"}]}",
        "{\"delete\":[{\"path\":\"/envelope/to/1/status\"}]}",
        "{\"delete\":[{\"path\":\"/envelope/to/1\"}]}",
        "{\"add\":[{\"path\":\"/envelope/to\",\"value\":{\"address\":\"d@example.net\"}}]}",
        "{\"set\":[{\"path\":\"/envelope/from/address\",\"value\":null}]}",
        "{\"set\":[{\"path\":\"/response/code\",\"value\":250}]}",
        "{\"set\":[{\"path\":\"/rawMessage\",\"value\":\"\"}]}",
        "{\"action\":\"continue\"}",
        "garbage"
      })
  void whatIsNotAnAnswerIsNone(String json) throws Exception {
    assertThat(answer(json, hooks -> hooks.delivery(facts(Optional.empty()))))
        .isInstanceOf(OutboundAnswer.NoAnswer.class);
    assertThat(answer(json, hooks -> hooks.dsn(facts(Optional.of(letter())))))
        .isInstanceOf(OutboundAnswer.NoAnswer.class);
  }

  /// Ten thousand fields above the one of this server are ten thousand edits.
  @Test
  void whoChangesTooMuchGivesNoAnswer() throws Exception {
    Examined report = letter();
    String field = "{\"name\":\"X\",\"value\":\"y\"}";
    String ours = Description.field(report.mail().headers().fields().getFirst()).toString();
    assertThat(
            answer(
                "{\"set\":[{\"path\":\"/message/headers\",\"value\":["
                    + (field + ",").repeat(10_001)
                    + ours
                    + "]}]}",
                hooks -> hooks.dsn(facts(Optional.of(report)))))
        .isInstanceOfSatisfying(
            OutboundAnswer.NoAnswer.class,
            answer -> assertThat(answer.none().why()).endsWith("more than 10000 changes"));
  }

  @Test
  void aServiceThatFailsGivesNoAnswer() throws Exception {
    try (var service =
            new ScriptedService()
                .then(ScriptedService.Answer.of(500, ""), ScriptedService.Answer.of(500, ""));
        var asking = Hooks.at(service.url())) {
      assertThat(new OutboundHooks(asking).defer(facts(Optional.empty())))
          .isEqualTo(
              new OutboundAnswer.NoAnswer(new Judgement.NoAnswer(service.url() + ": HTTP 500")));
    }
  }
}
