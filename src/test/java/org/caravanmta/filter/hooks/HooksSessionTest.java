package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Client;
import org.caravanmta.message.Greeting;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service is told before the message, command by command, and what it may say of it.
class HooksSessionTest {
  private static final Client SILENT = Letters.CLIENT.with(new Greeting("", "SMTP"));

  private static final SessionFacts CONNECTED =
      new SessionFacts(SILENT, "mx.example.com", Optional.empty(), Optional.empty(), List.of());

  private static final SessionFacts GREETED =
      new SessionFacts(
          Letters.CLIENT, "mx.example.com", Optional.empty(), Optional.empty(), List.of());

  private static final SessionFacts SENDING =
      new SessionFacts(
          Letters.CLIENT,
          "mx.example.com",
          Optional.of("4XyZ12abcdz3k"),
          Optional.of(new HooksAddress("", Map.of("SIZE", "1000"))),
          List.of());

  private static final SessionFacts TO_TWO =
      new SessionFacts(
          Letters.CLIENT,
          "mx.example.com",
          SENDING.queueId(),
          SENDING.sender(),
          List.of(
              new HooksAddress("a@example.com", Map.of()),
              new HooksAddress("b@example.com", Map.of("NOTIFY", "NEVER"))));

  @Test
  void tellsWhatIsKnownByThen() throws Exception {
    try (var service = new ScriptedService();
        var asking = Hooks.at(service.url())) {
      HooksSession session = new HooksSession(asking);
      assertThat(session.connect(CONNECTED)).isEqualTo(Judgement.PASS);
      assertThat(session.ehlo(GREETED)).isEqualTo(Judgement.PASS);
      assertThat(session.mail(SENDING)).isEqualTo(Judgement.PASS);
      assertThat(session.rcpt(TO_TWO)).isEqualTo(Judgement.PASS);
      assertThat(service.asked.stream().map(asked -> asked.body().getString("stage")))
          .containsExactly("connect", "ehlo", "mail", "rcpt");
      assertThat(service.asked.stream().map(ScriptedService.Asked::registration).distinct())
          .containsExactly("reg_1");
      assertThat(service.asked.get(0).body().get("client"))
          .hasToString(
              "{\"ip\":\"192.0.2.7\",\"port\":4711,\"ptr\":\"client.example\",\"ehlo\":null}");
      assertThat(service.asked.get(0).body().isNull("queue")).isTrue();
      assertThat(service.asked.get(0).body()).doesNotContainKeys("envelope", "message");
      assertThat(service.asked.get(1).body().getJsonObject("client").getString("ehlo"))
          .isEqualTo("client.example");
      assertThat(service.asked.get(2).body().get("envelope"))
          .hasToString(
              "{\"from\":{\"address\":null,\"parameters\":{\"SIZE\":\"1000\"}},\"to\":[]}");
      assertThat(service.asked.get(3).body().getJsonObject("envelope").getJsonArray("to").get(1))
          .hasToString("{\"address\":\"b@example.com\",\"parameters\":{\"NOTIFY\":\"NEVER\"}}");
    }
  }

  @Test
  void asksOnlyWhereTheServiceWantsToBeAsked() throws Exception {
    try (var service = new ScriptedService();
        var asking = Hooks.at(service.origin());
        var limited = Hooks.at(service.url(), HooksStage.DATA)) {
      service.discovery =
          """
          {"version": "1.0", "endpoints": {"registration": "/v1/hooks/register"},
           "serialization": ["json"],
           "capabilities": {"inbound": {"stages": ["rcpt"]}, "outbound": null}}
          """;
      assertThat(new HooksSession(asking).connect(CONNECTED)).isEqualTo(Judgement.PASS);
      assertThat(new HooksSession(asking).mail(SENDING)).isEqualTo(Judgement.PASS);
      assertThat(service.asked).isEmpty();
      assertThat(new HooksSession(asking).rcpt(TO_TWO)).isEqualTo(Judgement.PASS);
      assertThat(service.asked).hasSize(1);
      assertThat(new HooksSession(limited).rcpt(TO_TWO)).isEqualTo(Judgement.PASS);
      assertThat(service.asked).hasSize(1);
      assertThat(service.registrations).hasSize(1);
    }
  }

  @Test
  void saysWhatTheServiceSays() throws Exception {
    try (var service =
            new ScriptedService()
                .then(
                    ScriptedService.Answer.of(
                        200,
                        "{\"set\":[{\"path\":\"/action\",\"value\":\"disconnect\"},"
                            + "{\"path\":\"/response/message\",\"value\":\"Not you\"},"
                            + "{\"path\":\"/response/code\",\"value\":421}]}"),
                    ScriptedService.Answer.of(
                        200,
                        "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"reject\"},"
                            + "{\"op\":\"replace\",\"path\":\"/response\",\"value\":"
                            + "{\"code\":550,\"enhancedCode\":\"5.1.1\",\"message\":\"Who?\"}}]"));
        var asking = Hooks.at(service.url())) {
      assertThat(new HooksSession(asking).connect(CONNECTED))
          .isEqualTo(new Judgement.Disconnect(Reply.of(421, "4.7.1", "Not you")));
      assertThat(new HooksSession(asking).rcpt(TO_TWO))
          .isEqualTo(new Judgement.Refuse(Reply.of(550, "5.1.1", "Who?")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"add\":[{\"path\":\"/envelope/to\",\"value\":{\"address\":\"c@example.com\"}}]}",
        "[{\"op\":\"replace\",\"path\":\"/envelope/from/address\",\"value\":\"c@example.com\"}]",
        "[{\"op\":\"add\",\"path\":\"/rawMessage\",\"value\":\"\"}]",
        "[{\"op\":\"add\",\"path\":\"/message/headers/-\",\"value\":{}}]",
        "{\"set\":[{\"path\":\"/action\",\"value\":\"maybe\"}]}",
        "garbage"
      })
  void theMessageIsNotChangedYet(String json) throws Exception {
    try (var service = new ScriptedService().then(ScriptedService.Answer.of(200, json));
        var asking = Hooks.at(service.url())) {
      assertThat(new HooksSession(asking).rcpt(TO_TWO)).isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @Test
  void aServiceThatFailsGivesNoAnswer() throws Exception {
    try (var service = new ScriptedService();
        var asking = Hooks.at(service.url())) {
      service.registering = ScriptedService.Answer.of(503, "{}");
      assertThat(new HooksSession(asking).ehlo(GREETED))
          .isEqualTo(new Judgement.NoAnswer(service.url() + ": registration: HTTP 503"));
    }
  }
}
