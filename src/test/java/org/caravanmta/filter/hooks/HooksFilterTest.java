package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.ClientTls;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Login;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Reverse;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A service that judges whole messages: what it is told, and what follows from what it says.
class HooksFilterTest {
  @TempDir Path store;

  private Examined letter() {
    return ExaminedLetters.of("X-Old: 1\r\nSubject: x\r\nX-Old: 2\r\n", "hello\r\n", store);
  }

  private Mail edited(String json) throws Exception {
    Examined letter = letter();
    FilterAnswer answer = Hooks.answer(json, letter);
    assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
    return EditedMail.edit(letter.mail(), answer.edits(), List::of);
  }

  private static List<String> fields(Mail mail) {
    return mail.headers().fields().stream()
        .map(field -> field.is("Received") ? "Received" : field.text())
        .toList();
  }

  @Test
  void tellsAllThatItKnowsOfAMessage() throws Exception {
    var recipient =
        new Recipient(
            Address.parse("inner@example.com"),
            Address.parse("b@example.com"),
            Optional.of(new Notify(Set.of(Notify.Event.FAILURE, Notify.Event.SUCCESS))),
            Optional.of("rfc822;b@example.com"),
            Optional.empty());
    var client =
        new Client(
            new ClientHost(
                InetAddress.ofLiteral("2001:db8::7"),
                4711,
                Client.UNKNOWN,
                new Reverse("client.example", Reverse.State.FORGED),
                false),
            new Greeting("\u00fc.example", "ESMTPSA"),
            Optional.of(new ClientTls("TLSv1.3 TLS_AES_256_GCM_SHA384", Optional.empty())),
            Optional.of(new Login("joe", Optional.of("PLAIN"))),
            new Entrance(
                "submission",
                Optional.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.25"), 587))));
    Mail mail =
        new Mail(
            Envelope.of(
                "4XyZ12abcdz3k",
                ReversePath.NULL,
                List.of(recipient, recipient.to(Address.parse("other@example.com"))),
                client,
                new MailOptions(
                    Optional.of(MailOptions.Body.EIGHTBITMIME),
                    true,
                    Optional.of(MailOptions.Ret.HDRS),
                    Optional.of("QQ314159")),
                Letters.ARRIVED),
            Headers.parse("Subject: x\r\n y\r\nX-U: \u00fc\r\n".getBytes(UTF_8)),
            new Content.Inline("hello\r\n".getBytes(UTF_8)));
    Examined letter = ExaminedLetters.of(mail, ContentStore.open(store));
    try (var service = new ScriptedService();
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      assertThat(filter.examine(letter)).isEqualTo(FilterAnswer.of(Judgement.PASS));
      JsonObject told = service.asked.getFirst().body();
      assertThat(service.asked.getFirst().raw())
          .isEqualTo(letter.mail().headers() + "\r\nhello\r\n");
      assertThat(told.getString("stage")).isEqualTo("data");
      assertThat(told.getString("timestamp")).isEqualTo("2026-11-30T10:00:00Z");
      assertThat(told.get("response"))
          .hasToString("{\"code\":250,\"enhancedCode\":\"2.0.0\",\"message\":\"OK\"}");
      assertThat(told.get("queue")).hasToString("{\"id\":\"4XyZ12abcdz3k\"}");
      assertThat(told.get("server"))
          .hasToString("{\"name\":\"mx.example.com\",\"ip\":\"192.0.2.25\",\"port\":587}");
      assertThat(told.get("client"))
          .hasToString(
              "{\"ip\":\"2001:db8::7\",\"port\":4711,\"ptr\":\"client.example\","
                  + "\"ehlo\":\"\u00fc.example\"}");
      assertThat(told.get("tls"))
          .hasToString(
              "{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_AES_256_GCM_SHA384\","
                  + "\"certSubject\":null,\"certIssuer\":null}");
      assertThat(told.get("auth")).hasToString("{\"login\":\"joe\",\"method\":\"PLAIN\"}");
      JsonObject envelope = told.getJsonObject("envelope");
      assertThat(envelope.getJsonObject("from").isNull("address")).isTrue();
      assertThat(envelope.getJsonObject("from").getJsonObject("parameters"))
          .hasToString(
              "{\"BODY\":\"8BITMIME\",\"ENVID\":\"QQ314159\",\"RET\":\"HDRS\",\"SMTPUTF8\":\"\"}");
      assertThat(envelope.getJsonArray("to")).hasSize(1);
      assertThat(envelope.getJsonArray("to").getFirst())
          .hasToString(
              "{\"address\":\"b@example.com\",\"parameters\":{\"NOTIFY\":\"SUCCESS,FAILURE\","
                  + "\"ORCPT\":\"rfc822;b@example.com\"}}");
      assertThat(told.getJsonObject("message").getInt("size"))
          .isEqualTo((int) letter.mail().size());
      assertThat(told.getJsonObject("message").getJsonArray("headers").get(1))
          .hasToString("{\"name\":\"Subject\",\"value\":\"x\\r\\n y\"}");
    }
  }

  static Stream<Arguments> judgements() {
    var refused = new Judgement.Refuse(Reply.of(550, "5.7.1", "Message rejected"));
    return Stream.of(
        Arguments.of("{}", Judgement.PASS),
        Arguments.of("[]", Judgement.PASS),
        Arguments.of("{\"set\":null,\"add\":[],\"delete\":null}", Judgement.PASS),
        Arguments.of("[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"reject\"}]", refused),
        Arguments.of("{\"set\":[{\"path\":\"/action\",\"value\":\"reject\"}]}", refused),
        Arguments.of(
            """
            [{"op": "test", "path": "/stage", "value": "data"},
             {"op": "replace", "path": "/action", "value": "reject"},
             {"op": "replace", "path": "/response", "value":
               {"code": 451, "enhancedCode": "4.7.1", "message": "Later\\r\\n250 ok"}}]
            """,
            new Judgement.Refuse(Reply.of(451, "4.7.1", "Later??250 ok"))),
        Arguments.of(
            """
            {"set": [{"path": "/action", "value": "reject"},
                     {"path": "/response/code", "value": 554},
                     {"path": "/response/message", "value": "A virus"}]}
            """,
            new Judgement.Refuse(Reply.of(554, "5.7.1", "A virus"))),
        Arguments.of(
            "[{\"op\":\"add\",\"path\":\"/action\",\"value\":\"discard\"}]",
            new Judgement.Discard("MTA Hooks")),
        Arguments.of(
            "{\"set\":[{\"path\":\"/action\",\"value\":\"quarantine\"}]}",
            new Judgement.Quarantine("MTA Hooks")),
        Arguments.of(
            "{\"set\":[{\"path\":\"/action\",\"value\":\"disconnect\"}]}",
            new Judgement.Disconnect(Reply.of(421, "4.7.0", "Closing the connection"))),
        Arguments.of(
            """
            {"set": [{"path": "/action", "value": "disconnect"},
                     {"path": "/response", "value": {"code": 554, "message": "Go away"}}]}
            """,
            new Judgement.Disconnect(Reply.of(421, "4.7.0", "Go away"))));
  }

  @ParameterizedTest
  @MethodSource("judgements")
  void saysWhatTheServiceSays(String json, Judgement expected) throws Exception {
    FilterAnswer answer = Hooks.answer(json, letter());
    assertThat(answer.judgement()).isEqualTo(expected);
    assertThat(answer.edits()).isEmpty();
  }

  @Test
  void makesTheChangesOfAPatch() throws Exception {
    Mail mail =
        edited(
            """
            [{"op": "add", "path": "/message/headers/0", "value": {"name": "X-Top", "value": "t"}},
             {"op": "add", "path": "/message/headers/-", "value": {"name": "X-End", "value": "e"}},
             {"op": "add", "path": "/message/headers/2", "value": {"name": "X-B", "value": "b"}},
             {"op": "replace", "path": "/message/headers/5/value", "value": "changed"},
             {"op": "remove", "path": "/message/headers/3"},
             {"op": "replace", "path": "/envelope/from/address", "value": "s@example.net"},
             {"op": "add", "path": "/envelope/to/-", "value":
               {"address": "n@example.net", "parameters": {"NOTIFY": "NEVER"}}},
             {"op": "remove", "path": "/envelope/to/0"}]
            """);
    assertThat(fields(mail))
        .containsExactly(
            "X-Top: t", "Received", "X-B: b", "Subject: x", "X-Old: changed", "X-End: e");
    assertThat(mail.reversePath()).hasToString("s@example.net");
    assertThat(mail.recipients()).hasSize(1);
    assertThat(mail.recipients().getFirst().address()).isEqualTo(Address.parse("n@example.net"));
    assertThat(mail.recipients().getFirst().notifyOn()).contains(Notify.NEVER);
  }

  @Test
  void makesTheChangesOfOperations() throws Exception {
    Mail mail =
        edited(
            """
            {"delete": [{"path": "/message/headers/4"}, {"path": "/message/headers/2"},
                        {"path": "/envelope/to/0"}],
             "add": [{"path": "/message/headers", "value": {"name": "X-A", "value": "a"}},
                     {"path": "/message/headers", "value": {"name": "X-B", "value": "b"},
                      "index": 1},
                     {"path": "/envelope/to", "value": {"address": "n@example.net"}}],
             "set": [{"path": "/message/headers/1", "value": {"name": "X-New", "value": "1"}},
                     {"path": "/envelope/from", "value": {"address": null}},
                     {"path": "/message/subject", "value": "[gr\u00fcn] \u00e9t\u00e9"}]}
            """);
    // deleted last: by then the one that is inserted has moved all others down
    assertThat(fields(mail))
        .containsExactly(
            "Received", "X-B: b", "Subject: =?utf-8?B?W2dyw7xuXSDDqXTDqQ==?=", "X-A: a");
    assertThat(mail.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(mail.recipients().stream().map(Recipient::address))
        .containsExactly(Address.parse("n@example.net"));
  }

  @Test
  void fieldsThatMoveKeepTheirBytes() throws Exception {
    Examined letter =
        ExaminedLetters.of(
            "DKIM-Signature:v=1;\r\n\t b=x\r\nSubject:  x \r\nX: 1\r\n", "hello\r\n", store);
    FilterAnswer answer =
        Hooks.answer(
            """
            [{"op": "move", "from": "/message/headers/1", "path": "/message/headers/3"},
             {"op": "copy", "from": "/message/headers/1", "path": "/message/headers/0"}]
            """,
            letter);
    Mail mail = EditedMail.edit(letter.mail(), answer.edits(), List::of);
    List<Headers.Field> fields = mail.headers().fields();
    assertThat(fields.stream().map(Headers.Field::name))
        .containsExactly("Subject", "Received", "Subject", "X", "DKIM-Signature");
    assertThat(new String(fields.getFirst().raw(), UTF_8)).isEqualTo("Subject:  x \r\n");
    assertThat(new String(fields.getLast().raw(), UTF_8))
        .isEqualTo("DKIM-Signature:v=1;\r\n\t b=x\r\n");
  }

  @Test
  void aFieldCannotBecomeTwo() throws Exception {
    Mail mail =
        edited(
            """
            {"add": [{"path": "/message/headers",
                      "value": {"name": "X", "value": "a\\r\\n\\r\\nBcc: y\\nz"}}]}
            """);
    assertThat(fields(mail))
        .containsExactly(
            "Received", "X-Old: 1", "Subject: x", "X-Old: 2", "X: a\r\n\tBcc: y\r\n\tz");
  }

  private static String headers(int count, String value) {
    return "{\"set\":[{\"path\":\"/message/headers\",\"value\":["
        + String.join(
            ",", Collections.nCopies(count, "{\"name\":\"X\",\"value\":\"" + value + "\"}"))
        + "]}]}";
  }

  @Test
  void whoAddsTooMuchGivesNoAnswer() throws Exception {
    assertThat(Hooks.answer(headers(10_003, "y"), letter()).judgement()).isEqualTo(Judgement.PASS);
    assertThat(Hooks.answer(headers(10_004, "y"), letter()).judgement())
        .isInstanceOfSatisfying(
            Judgement.NoAnswer.class,
            none -> assertThat(none.why()).endsWith("more than 10000 fields more"));
    assertThat(Hooks.answer("{\"set\":[" + "{},".repeat(200_000) + "{}]}", letter()).judgement())
        .isInstanceOfSatisfying(
            Judgement.NoAnswer.class,
            none -> assertThat(none.why()).endsWith("more than 200000 values"));
    String recipients =
        String.join(",", Collections.nCopies(10_001, "{\"address\":\"n@example.net\"}"));
    assertThat(
            Hooks.answer(
                    "{\"set\":[{\"path\":\"/envelope/to\",\"value\":[" + recipients + "]}]}",
                    letter())
                .judgement())
        .isInstanceOf(Judgement.NoAnswer.class);
  }

  @Test
  void aSenderCannotHaveAServiceChangeTooMuch() throws Exception {
    Examined letter = ExaminedLetters.of("X: 1\r\n".repeat(11_000), "x\r\n", store);
    FilterAnswer answer = Hooks.answer(headers(11_000, "2"), letter);
    assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
    assertThat(fields(EditedMail.edit(letter.mail(), answer.edits(), List::of)))
        .hasSize(11_001)
        .endsWith("X: 2");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void takesAMessageThatIsMadeAnew() throws Exception {
    Mail mail =
        edited(
            """
            {"set": [{"path": "/rawMessage", "value": "%s"}],
             "add": [{"path": "/message/headers", "value": {"name": "X", "value": "ignored"}}]}
            """
                .formatted(base64("Subject: new\r\n\r\nother\r\n")));
    assertThat(fields(mail)).containsExactly("Received", "Subject: new");
    assertThat(((Content.Inline) mail.content()).bytes()).asString(UTF_8).isEqualTo("other\r\n");
    assertThat(
            fields(
                edited(
                    "[{\"op\":\"replace\",\"path\":\"/rawMessage\",\"value\":\""
                        + base64("Subject: new\r\n\r\nhello\r\n")
                        + "\"}]")))
        .containsExactly("Received", "Subject: new");
  }

  @Test
  void takesALargeMessageAsOneOfTheStore() throws Exception {
    String body = "0123456789abcde\r\n".repeat(100_000);
    Examined letter = ExaminedLetters.of("Subject: x\r\n", body, store);
    try (var service =
            new ScriptedService()
                .then(
                    ScriptedService.Answer.of(
                        200,
                        "[{\"op\":\"add\",\"path\":\"/rawMessage\",\"value\":\""
                            + base64("Subject: x\r\n\r\n" + body + "footer\r\n")
                            + "\"}]"));
        var filter = new HooksFilter(Hooks.at(service.url(), HooksStage.DATA))) {
      FilterAnswer answer = filter.examine(letter);
      assertThat(service.asked.getFirst().raw()).endsWith(body);
      Mail mail = EditedMail.edit(letter.mail(), answer.edits(), List::of);
      assertThat(mail.content().length()).isEqualTo(body.length() + "footer\r\n".length());
    }
  }
}
