package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Services that want CBOR: how that is agreed, what they are told, and what they answer.
class SerializationTest {
  private static final String JSON = "application/json";

  @TempDir Path store;

  private Examined letter(String body) {
    return ExaminedLetters.of("Subject: x\r\n", body, store);
  }

  private static ScriptedService speaking(String serialization) throws Exception {
    var service = new ScriptedService();
    service.serialization = serialization;
    return service;
  }

  private static HooksService asking(String url, Optional<HooksSerialization> only) {
    var terms =
        new HooksTerms(
            "mx.example.com",
            Optional.of(ScriptedService.TOKEN),
            Set.of(HooksStage.values()),
            only);
    return new HooksService(url, terms, Hooks.PATIENCE, Hooks.CLOCK);
  }

  private static String discovery(String serialization) {
    return """
    {"version": "1.0",
     "endpoints": {"registration": "/v1/hooks/register", "deregistration": "x"},
     "serialization": [%s],
     "capabilities": {"inbound": {"stages": ["data"], "actions": ["accept"]}}}
    """
        .formatted(serialization);
  }

  /// What a service has been asked for, in which type, and the judgement.
  private String agreed(ScriptedService service, String url, Optional<HooksSerialization> only)
      throws Exception {
    try (var filter = new HooksFilter(asking(url, only))) {
      Judgement judgement = filter.examine(letter("hello\r\n")).judgement();
      String asked =
          service.registrations.stream()
              .map(each -> each.getString("serialization"))
              .reduce("", (a, b) -> a + b);
      return String.join("+", service.types)
          + " "
          + asked
          + " "
          + (judgement instanceof Judgement.NoAnswer(String why, _)
              ? why.replaceFirst(".*?: ", "")
              : "PASS");
    }
  }

  @Test
  void jsonIsSpokenWhereThereIsAChoice() throws Exception {
    try (var service = speaking("json")) {
      assertThat(agreed(service, service.url(), Optional.empty())).isEqualTo(JSON + " json PASS");
    }
    try (var service = speaking("json")) {
      service.discovery = discovery("\"cbor\", \"json\"");
      assertThat(agreed(service, service.origin(), Optional.empty()))
          .isEqualTo(JSON + " json PASS");
    }
  }

  @Test
  void aServiceThatConfirmsCborGetsIt() throws Exception {
    try (var service = speaking("cbor")) {
      assertThat(agreed(service, service.url(), Optional.empty())).isEqualTo(JSON + " json PASS");
    }
  }

  @Test
  void aServiceThatSpeaksOnlyCborIsSpokenToInIt() throws Exception {
    try (var service = speaking("cbor")) {
      service.discovery = discovery("\"cbor\"");
      service.cborOnly = true;
      assertThat(agreed(service, service.origin(), Optional.empty()))
          .isEqualTo(Cbor.TYPE + " cbor PASS");
    }
    try (var service = speaking("cbor")) {
      service.cborOnly = true;
      assertThat(agreed(service, service.url(), Optional.empty()))
          .isEqualTo(JSON + "+" + Cbor.TYPE + " cbor PASS");
    }
  }

  @Test
  void theOperatorMayChooseCbor() throws Exception {
    Optional<HooksSerialization> cbor = Optional.of(HooksSerialization.CBOR);
    try (var service = speaking("cbor")) {
      assertThat(agreed(service, service.url(), cbor)).isEqualTo(JSON + " cbor PASS");
    }
    try (var service = speaking("cbor")) {
      service.discovery = discovery("\"json\", \"cbor\"");
      assertThat(agreed(service, service.origin(), cbor)).isEqualTo(JSON + " cbor PASS");
    }
    try (var service = speaking("json")) {
      assertThat(agreed(service, service.url(), cbor))
          .endsWith("the service wants \"json\", not cbor");
    }
    try (var service = speaking("json")) {
      service.discovery = discovery("\"json\"");
      assertThat(agreed(service, service.origin(), cbor))
          .endsWith("the service does not speak cbor");
    }
  }

  @Test
  void theOperatorMayChooseJson() throws Exception {
    Optional<HooksSerialization> json = Optional.of(HooksSerialization.JSON);
    try (var service = speaking("cbor")) {
      assertThat(agreed(service, service.url(), json))
          .endsWith("the service wants \"cbor\", not json");
    }
    try (var service = speaking("json")) {
      service.cborOnly = true;
      assertThat(agreed(service, service.url(), json)).endsWith("registration: HTTP 415");
    }
  }

  @Test
  void tellsTheSameInBoth() throws Exception {
    try (var cbor = speaking("cbor");
        var json = speaking("json");
        var inCbor = new HooksFilter(asking(cbor.url(), Optional.empty()));
        var inJson = new HooksFilter(asking(json.url(), Optional.empty()))) {
      for (int size : List.of(0, 1, 3000, 70_000)) {
        Examined letter = letter("ü".repeat(size) + "\r\n");
        inCbor.examine(letter);
        inJson.examine(letter);
        assertThat(cbor.asked.getLast().body()).isEqualTo(json.asked.getLast().body());
        assertThat(cbor.asked.getLast().raw()).endsWith("\r\n\r\n" + "ü".repeat(size) + "\r\n");
      }
    }
  }

  @Test
  void anAnswerChangesAMessage() throws Exception {
    try (var service = speaking("cbor");
        var filter = new HooksFilter(asking(service.url(), Optional.empty()))) {
      service.then(
          Cbor.answer(
              200,
              """
              [{"op": "add", "path": "/message/headers/0",
                "value": {"name": "X-Seen", "value": "yes"}},
               {"op": "replace", "path": "/message/subject", "value": "Grüße"}]
              """),
          Cbor.answer(
              200,
              """
              {"set": [{"path": "/rawMessage", "value": "Subject: new\\r\\n\\r\\nn\u00fcw\\r\\n"}]}
              """));
      Examined letter = letter("hello\r\n");
      FilterAnswer answer = filter.examine(letter);
      assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
      assertThat(
              EditedMail.edit(letter.mail(), answer.edits(), List::of).headers().fields().stream()
                  .map(Headers.Field::text))
          .contains("X-Seen: yes", "Subject: =?utf-8?B?R3LDvMOfZQ==?=");
      FilterAnswer remade = filter.examine(letter);
      assertThat(remade.judgement()).isEqualTo(Judgement.PASS);
      assertThat(
              EditedMail.edit(letter.mail(), remade.edits(), List::of).headers().fields().stream()
                  .map(Headers.Field::text))
          .contains("Subject: new");
    }
  }

  @Test
  void aStageOfTheSessionIsAnswered() throws Exception {
    try (var service = speaking("cbor");
        var asking = asking(service.url(), Optional.empty())) {
      service.then(
          Cbor.answer(
              200,
              """
              [{"op": "replace", "path": "/action", "value": "reject"},
               {"op": "replace", "path": "/response",
                "value": {"code": 550, "enhancedCode": "5.1.1", "message": "Who?"}}]
              """));
      var facts =
          new SessionFacts(
              Letters.CLIENT,
              "mx.example.com",
              Optional.empty(),
              Optional.of(new HooksAddress("", Map.of("SIZE", "1000"))),
              List.of(new HooksAddress("a@example.com", Map.of())));
      assertThat(new HooksSession(asking).rcpt(facts))
          .isEqualTo(new Judgement.Refuse(Reply.of(550, "5.1.1", "Who?")));
      assertThat(service.asked.getFirst().body().getJsonObject("envelope").get("from"))
          .hasToString("{\"address\":null,\"parameters\":{\"SIZE\":\"1000\"}}");
    }
  }

  @Test
  void aDelayIsHeardOfAndChanged() throws Exception {
    var deferred =
        new RecipientOutcome(
            new HooksAddress("b@example.net", Map.of()),
            RecipientOutcome.State.DEFERRED,
            3,
            Optional.of(Reply.of(451, "4.7.1", "Later")),
            Optional.of(Hooks.NOW.plus(Duration.ofHours(1))),
            Optional.empty(),
            Optional.of("lane.1h"));
    var facts =
        new OutboundFacts(
            "4XyZ12abcdz3k",
            "mx.example.com",
            new HooksAddress("joe@example.com", Map.of()),
            List.of(deferred),
            3,
            Optional.empty(),
            Optional.of(letter("hello\r\n")));
    try (var service = speaking("cbor");
        var asking = asking(service.url(), Optional.empty())) {
      service.then(
          Cbor.answer(
              200,
              "[{\"op\":\"replace\",\"path\":\"/envelope/to/0/status\",\"value\":\"failed\"}]"),
          Cbor.answer(200, "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"cancel\"}]"),
          Cbor.answer(200, "[{\"op\":\"remove\",\"path\":\"/rawMessage\"}]"));
      var hooks = new OutboundHooks(asking);
      assertThat(hooks.defer(facts))
          .isInstanceOfSatisfying(
              OutboundAnswer.Change.class,
              change ->
                  assertThat(change.recipients().getFirst().wanted().state())
                      .isEqualTo(RecipientOutcome.State.FAILED));
      assertThat(hooks.defer(facts)).isEqualTo(new OutboundAnswer.Cancel());
      assertThat(hooks.dsn(facts)).isInstanceOf(OutboundAnswer.SuppressReport.class);
      assertThat(service.asked.getLast().raw()).endsWith("\r\n\r\nhello\r\n");
    }
  }

  /// Answers to a hook: nothing, JSON by another name, what breaks off, what is too deep, too long,
  /// too much, and byte strings for texts.
  private static Stream<String> garbage() {
    return Stream.of(
        "",
        "7b7d",
        "a1",
        "81".repeat(100_000),
        "5b7fffffffffffffff00",
        "9f" + "00".repeat(300_000),
        "a26470617468672f616374696f6e6576616c756546616363657074");
  }

  @Test
  void garbageIsNoAnswer() throws Exception {
    for (String hex : garbage().toList()) {
      try (var service = speaking("cbor");
          var filter = new HooksFilter(asking(service.url(), Optional.empty()))) {
        service.then(new ScriptedService.Answer(200, Cbor.TYPE, HexFormat.of().parseHex(hex)));
        assertThat(filter.examine(letter("hello\r\n")).judgement())
            .as(hex.substring(0, Math.min(40, hex.length())))
            .isInstanceOf(Judgement.NoAnswer.class);
        assertThat(filter.examine(letter("hello\r\n")).judgement()).isEqualTo(Judgement.PASS);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"code\":18446744073709552166}", "{\"code\":\"550\"}"})
  void aCodeThatIsNoneIsNoAnswer(String response) throws Exception {
    String json =
        "{\"set\":[{\"path\":\"/action\",\"value\":\"reject\"},"
            + "{\"path\":\"/response\",\"value\":"
            + response.replace("}", ",\"enhancedCode\":null,\"message\":\"x\"}")
            + "}]}";
    try (var service = speaking("cbor").then(Cbor.answer(200, json));
        var filter = new HooksFilter(asking(service.url(), Optional.empty()))) {
      assertThat(filter.examine(letter("x\r\n")).judgement())
          .isInstanceOf(Judgement.NoAnswer.class);
    }
    assertThat(Hooks.answer(json, letter("x\r\n")).judgement())
        .isInstanceOf(Judgement.NoAnswer.class);
  }

  @Test
  void errorsAreReadInBoth() throws Exception {
    try (var service = speaking("cbor");
        var filter = new HooksFilter(asking(service.url(), Optional.empty()))) {
      service.then(
          Cbor.answer(400, "{\"error\":{\"code\":\"INVALID_REQUEST\",\"message\":\"what?\"}}"),
          ScriptedService.Answer.of(
              400, "{\"error\":{\"code\":\"INVALID_REQUEST\",\"message\":\"what?\"}}"));
      for (int i = 0; i < 2; i++) {
        assertThat(filter.examine(letter("x\r\n")).judgement())
            .isInstanceOfSatisfying(
                Judgement.NoAnswer.class,
                none -> assertThat(none.why()).endsWith("HTTP 400 INVALID_REQUEST what?"));
      }
    }
  }
}
