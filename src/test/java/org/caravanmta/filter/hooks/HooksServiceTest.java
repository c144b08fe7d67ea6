package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RudeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a service is found, registered with and asked, and what is made of one that fails.
class HooksServiceTest {
  private static final FilterPatience LITTLE =
      new FilterPatience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300));

  @TempDir Path store;

  private Examined letter() {
    return ExaminedLetters.of("Subject: x\r\n", "hello\r\n", store);
  }

  private Judgement ask(HooksFilter filter) {
    return filter.examine(letter()).judgement();
  }

  private String why(HooksFilter filter) {
    return ask(filter) instanceof Judgement.NoAnswer(String why, _) ? why : "an answer";
  }

  private static String discovery(String stages, String more) {
    return """
    {"version": "1.0",
     "endpoints": {"registration": "/v1/hooks/register", "deregistration": "x"},
     "serialization": ["cbor", "json"],
     "capabilities": {"inbound": {"stages": [%s], "actions": ["accept"],
        "fetchProperties": ["/stage", "/action", "/envelope/from", "/rawMessage",
                            "/senderAuth"],
        "updateProperties": ["/action"]}}%s}
    """
        .formatted(stages, more);
  }

  @Test
  void asksForWhatTheServiceHasToOffer() throws Exception {
    try (var service = new ScriptedService();
        var filter = new HooksFilter(Hooks.at(service.origin()))) {
      service.discovery = discovery("\"data\", \"route\", \"rcpt\"", "");
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.registrations.getFirst())
          .hasToString(
              "{\"name\":\"mx.example.com\",\"version\":null,\"timeoutMs\":30000,"
                  + "\"serialization\":\"json\",\"inbound\":{\"stages\":[\"rcpt\",\"data\"],"
                  + "\"properties\":[\"/stage\",\"/action\",\"/envelope/from\",\"/rawMessage\"]},"
                  + "\"outbound\":null}");
      assertThat(service.asked.getFirst().body().keySet())
          .containsExactlyInAnyOrder("stage", "action", "envelope", "rawMessage");
    }
  }

  @Test
  void tellsNoMoreThanWhatIsNegotiated() throws Exception {
    try (var service = new ScriptedService();
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      service.properties =
          Optional.of(List.of("/stage", "/action", "/message/size", "/senderAuth", "/client/ip"));
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.registrations.getFirst().getJsonObject("inbound"))
          .hasToString("{\"stages\":[\"data\"],\"properties\":null}");
      assertThat(service.asked.getFirst().body().getJsonObject("client").keySet())
          .containsExactly("ip");
      assertThat(service.asked.getFirst().body().getJsonObject("message").keySet())
          .containsExactly("size");
    }
  }

  @Test
  void registersOnceForManyMessagesAndTakesLeave() throws Exception {
    try (var service = new ScriptedService()) {
      try (var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA));
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Callable<Judgement> question = () -> ask(filter);
        for (var each : threads.invokeAll(Collections.nCopies(50, question))) {
          assertThat(each.get()).isEqualTo(Judgement.PASS);
        }
        assertThat(service.registrations).hasSize(1);
        assertThat(service.asked.stream().map(ScriptedService.Asked::id).distinct()).hasSize(50);
      }
      assertThat(service.left).containsExactly("reg_1");
    }
  }

  @Test
  void renewsARegistrationBeforeItEnds() throws Exception {
    var now = new AtomicReference<>(Hooks.NOW);
    try (var service = new ScriptedService();
        var filter =
            new HooksFilter(
                new HooksService(
                    service.url(), Hooks.terms(HooksStage.DATA), Hooks.PATIENCE, now::get))) {
      service.changed =
          Json.createObjectBuilder()
              .add("expiresAt", Hooks.NOW.plus(Duration.ofHours(1)).toString())
              .build();
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      now.set(Hooks.NOW.plus(Duration.ofMinutes(58)));
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.registrations).hasSize(1);
      now.set(Hooks.NOW.plus(Duration.ofMinutes(59)));
      service.registering = ScriptedService.Answer.of(503, "{}");
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      // the old one still lasts, and the service is not bothered each time
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.registrations).hasSize(2);
      now.set(Hooks.NOW.plus(Duration.ofMinutes(59)).plusSeconds(6));
      service.registering = ScriptedService.Answer.of(201, "");
      service.changed = JsonValue.EMPTY_JSON_OBJECT;
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.asked.stream().map(ScriptedService.Asked::registration))
          .containsExactly("reg_1", "reg_1", "reg_1", "reg_1", "reg_3");
      now.set(Hooks.NOW.plus(Duration.ofDays(9)));
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.registrations).hasSize(3);
    }
  }

  @Test
  void registersAgainWhereItIsNotKnownAnyMore() throws Exception {
    try (var service = new ScriptedService();
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      service.forget();
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      service.then(ScriptedService.Answer.of(410, ""));
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
      assertThat(service.asked.stream().map(ScriptedService.Asked::registration))
          .containsExactly("reg_1", "reg_1", "reg_2", "reg_2", "reg_3");
      assertThat(service.asked.get(2).id()).isEqualTo(service.asked.get(1).id());
      assertThat(service.asked.get(4).id()).isEqualTo(service.asked.get(3).id());
      service.then(ScriptedService.Answer.of(404, ""), ScriptedService.Answer.of(404, ""));
      assertThat(why(filter)).endsWith("HTTP 404");
    }
  }

  @Test
  void asksOnceMoreWhereTheServiceHasAPassingFault() throws Exception {
    try (var service = new ScriptedService();
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      service.then(
          ScriptedService.Answer.of(503, "{}"),
          ScriptedService.Answer.of(
              200, "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"discard\"}]"));
      assertThat(ask(filter)).isEqualTo(new Judgement.Discard("MTA Hooks"));
      assertThat(service.asked).hasSize(2);
      assertThat(service.asked.get(1).id()).isEqualTo(service.asked.get(0).id());
      service.then(ScriptedService.Answer.of(500, ""), ScriptedService.Answer.of(502, ""));
      assertThat(why(filter)).endsWith("HTTP 502");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | application/json | {} | HTTP 400",
        "401 | application/json | {} | HTTP 401",
        "403 | application/json |"
            + " {\"error\":{\"code\":\"REGISTRATION_MISMATCH\",\"message\":\"m\\n\"}} |"
            + " HTTP 403 REGISTRATION_MISMATCH m?",
        "413 | text/html | <p>no | HTTP 413",
        "429 | application/json | {} | HTTP 429",
        "202 | application/json | {} | HTTP 202",
        "302 | application/json | {} | HTTP 302",
        "200 | text/html | {} | type \"text/html\", not JSON",
        "200 | application/cbor | {} | not CBOR",
        "200 | application/json | <html> | not JSON",
        "200 | application/json | {\"add\":[ | not JSON"
      })
  void anotherAnswerIsNone(int code, String type, String body, String why) throws Exception {
    try (var service = new ScriptedService().then(new ScriptedService.Answer(code, type, body));
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      assertThat(why(filter)).startsWith(service.url()).contains(why);
      assertThat(service.asked).hasSize(1);
      assertThat(ask(filter)).isEqualTo(Judgement.PASS);
    }
  }

  @Test
  void aPatchMayBeOfItsOwnType() throws Exception {
    try (var service =
            new ScriptedService()
                .then(
                    new ScriptedService.Answer(
                        200,
                        "Application/JSON-Patch+JSON; charset=utf-8",
                        "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"discard\"}]"));
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      assertThat(ask(filter)).isEqualTo(new Judgement.Discard("MTA Hooks"));
    }
  }

  @Test
  void aFloodIsNoAnswer() throws Exception {
    String flood = "{\"set\":[" + " ".repeat(3 << 20) + "]}";
    try (var service = new ScriptedService().then(ScriptedService.Answer.of(200, flood));
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      assertThat(why(filter)).contains("longer than");
    }
    String deep = "[".repeat(100_000);
    try (var service = new ScriptedService().then(ScriptedService.Answer.of(200, deep));
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      assertThat(ask(filter)).isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"status\":\"suspended\"} | the registration is \"suspended\", not active",
        "{\"registrationId\":\"a b\"} | without a registrationId",
        "{\"hookEndpoint\":null} | without a hookEndpoint",
        "{\"hookEndpoint\":\"http://127.0.0.1:1/x\"} | which is not its own",
        "{\"hookEndpoint\":\"//far.example/x\"} | which is not its own",
        "{\"hookEndpoint\":\"a b\"} | which is not its own",
        "{\"expiresAt\":\"2026-11-30T10:00:00Z\"} | has ended before it began",
        "{\"expiresAt\":\"soon\"} | expiresAt is not a time",
        "{\"negotiated\":null} | without what is negotiated",
        "{\"negotiated\":{\"serialization\":\"bson\"}} | the service wants \"bson\", not json or"
            + " cbor",
        "{\"negotiated\":{\"serialization\":\"json\"}} | does not want to be asked about messages"
      })
  void aRegistrationThatIsNoneIsNone(String changed, String why) throws Exception {
    try (var service = new ScriptedService();
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA));
        var reader = Json.createReader(new StringReader(changed))) {
      service.changed = reader.readObject();
      assertThat(why(filter)).contains(why);
      assertThat(service.asked).isEmpty();
    }
  }

  @Test
  void saysWhyItCannotRegister() throws Exception {
    try (var service = new ScriptedService();
        var filter =
            new HooksFilter(
                new HooksService(
                    service.url(),
                    new HooksTerms(
                        "mx", Optional.empty(), Set.of(HooksStage.DATA), Optional.empty()),
                    Hooks.PATIENCE,
                    Hooks.CLOCK));
        var discovering = new HooksFilter(Hooks.at(service.origin(), HooksStage.DATA))) {
      assertThat(why(filter)).endsWith("registration: HTTP 401 INVALID_CREDENTIALS no");
      assertThat(why(discovering)).endsWith("discovery: HTTP 404");
      service.discovery = discovery("\"data\"", "").replace("1.0", "2.0");
      assertThat(why(discovering)).endsWith("the service speaks MTA Hooks \"2.0\", not 1.0");
      service.discovery = discovery("\"data\"", "").replaceAll("cbor|json", "bson");
      assertThat(why(discovering)).endsWith("the service does not speak json or cbor");
      service.discovery = discovery("\"rcpt\"", "");
      assertThat(why(discovering)).contains("not for any of the stages");
      service.discovery = discovery("\"data\"", ", \"limits\": {\"maxMessageSize\": 10}");
      assertThat(why(discovering)).endsWith("bytes, and the service takes 10");
      service.discovery = "";
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n16\r\n{\"registrationId\":",
        "220 mx.example.com ESMTP\r\n"
      })
  void aServiceThatIsNoneGivesNone(String said) throws Exception {
    try (var server = new RudeServer(said, 100, true);
        var filter =
            new HooksFilter(
                Hooks.at("http://127.0.0.1:" + server.port() + "/r", HooksStage.DATA))) {
      assertThat(ask(filter)).isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    try (var server = new RudeServer("HTTP/1.1 201 C", 100, false);
        var filter =
            new HooksFilter(
                new HooksService(
                    "http://127.0.0.1:" + server.port() + "/r",
                    Hooks.terms(HooksStage.DATA),
                    LITTLE,
                    Instant::now));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Judgement> question = () -> ask(filter);
      for (var each : threads.invokeAll(List.of(question, question, question))) {
        assertThat(each.get())
            .isInstanceOfSatisfying(
                Judgement.NoAnswer.class, none -> assertThat(none.why()).contains("300 ms"));
      }
    }
  }

  @Test
  void aPortWhereNobodyIsGivesNone() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (var filter =
        new HooksFilter(Hooks.at("http://127.0.0.1:" + port + "/r", HooksStage.DATA))) {
      FilterAnswer answer = filter.examine(letter());
      assertThat(answer.judgement()).isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:8080",
        "ftp://x",
        "http://",
        "http:// x",
        "http://u:p@x/",
        "http://x/#y"
      })
  void anotherAddressIsRefused(String written) {
    assertThatThrownBy(() -> Hooks.at(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the address of a service that speaks MTA Hooks");
  }

  @Test
  void aTokenIsOneWord() {
    assertThatThrownBy(() -> HooksTerms.messages("mx", Optional.of("two words")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bearer token");
    assertThatThrownBy(() -> new HooksTerms("mx", Optional.empty(), Set.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
