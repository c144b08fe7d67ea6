package org.caravanmta.filter.rspamd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.address.Address;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RudeServer;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.peers.PrivateRspamd;
import org.caravanmta.peers.PrivateSpamd;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Debian's rspamd, which finds GTUBE; and answers of rspamd that a test has written.
class RspamdFilterTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30));

  @TempDir Path store;

  private static FilterAnswer ask(String server, Examined message) {
    try (var filter = new RspamdFilter(server, PATIENCE, RspamdTerms.USUAL)) {
      return filter.examine(message);
    }
  }

  private Examined letter(String body) {
    return ExaminedLetters.of("X-Old: 1\r\nSubject: x\r\nX-Old: 2\r\n", body, store);
  }

  @Test
  void findsWhatRspamdFinds(@TempDir Path directory) throws Exception {
    try (var rspamd = PrivateRspamd.start(directory, Ports.free(), Ports.free())) {
      // an old one does not know /checkv3: each of its workers says so in a way of its own
      for (int each : new int[] {rspamd.normal, rspamd.proxy, rspamd.controller}) {
        String server = "http://127.0.0.1:" + each;
        FilterAnswer spam = ask(server, letter(PrivateSpamd.GTUBE + "\r\n"));
        assertThat(spam.judgement())
            .as(server)
            .isEqualTo(new Judgement.Refuse(Reply.of(554, "5.7.1", "Gtube pattern")));
        assertThat(spam.note()).contains("GTUBE");
        assertThat(ask(server, letter("hello\r\n")).judgement()).isEqualTo(Judgement.PASS);
      }
    }
  }

  /// What rspamd was asked.
  private record Asked(Map<String, List<String>> fields, String message) {}

  private interface Use {
    void of(String server, List<Asked> asked) throws Exception;
  }

  private static void answering(String json, Use use) throws Exception {
    var asked = new CopyOnWriteArrayList<Asked>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/checkv2",
        exchange -> {
          Headers fields = exchange.getRequestHeaders();
          asked.add(
              new Asked(
                  new TreeMap<>(fields),
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          byte[] bytes = json.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      use.of("http://127.0.0.1:" + server.getAddress().getPort(), asked);
    } finally {
      server.stop(0);
    }
  }

  private static FilterAnswer answer(String json, Examined letter) throws Exception {
    var answers = new ArrayList<FilterAnswer>();
    answering(json, (server, _) -> answers.add(ask(server, letter)));
    return answers.getFirst();
  }

  @Test
  void tellsWhoSendsWhatToWhom() throws Exception {
    Mail mail =
        Letters.letter(
            "Subject: x\r\n", "hello\r\n", "b@example.com", "\u00fc@b\u00fccher.example");
    Examined letter = ExaminedLetters.of(mail, ContentStore.open(store));
    answering(
        "{\"action\":\"no action\"}",
        (server, asked) -> {
          assertThat(ask(server, letter).judgement()).isEqualTo(Judgement.PASS);
          assertThat(asked).hasSize(1);
          assertThat(asked.getFirst().fields())
              .containsEntry("From", List.of("joe@far.example"))
              .containsEntry("Ip", List.of("192.0.2.7"))
              .containsEntry("Helo", List.of("client.example"))
              .containsEntry("Hostname", List.of("client.example"))
              .containsEntry("Queue-id", List.of(mail.id()))
              .containsEntry("Mta-name", List.of("mx.example.com"));
          assertThat(asked.getFirst().fields().get("Rcpt")).hasSize(2).contains("b@example.com");
          assertThat(asked.getFirst().message())
              .isEqualTo(letter.mail().headers() + "\r\nhello\r\n");
        });
  }

  static Stream<Arguments> judgements() {
    return Stream.of(
        Arguments.of("{\"action\":\"no action\"}", Judgement.PASS),
        Arguments.of("{\"action\":\"greylist\"}", Judgement.PASS),
        Arguments.of(
            "{\"action\":\"no action\",\"is_skipped\":true,\"message-id\":\"a@b\"}",
            Judgement.PASS),
        Arguments.of(
            "{\"action\":\"soft reject\"}",
            new Judgement.Refuse(Reply.of(451, "4.7.1", "Try again later"))),
        Arguments.of(
            "{\"action\":\"soft reject\",\"messages\":{\"smtp_message\":\"Greylisted\\r\\nx\"}}",
            new Judgement.Refuse(Reply.of(451, "4.7.1", "Greylisted??x"))),
        Arguments.of(
            "{\"action\":\"reject\"}",
            new Judgement.Refuse(Reply.of(554, "5.7.1", "Spam message rejected"))),
        Arguments.of(
            "{\"action\":\"reject\",\"milter\":{\"reject\":\"quarantine\"}}",
            new Judgement.Quarantine("rspamd")),
        Arguments.of(
            "{\"action\":\"reject\",\"milter\":{\"reject\":\"discard\"}}",
            new Judgement.Discard("rspamd")),
        Arguments.of("{\"action\":\"discard\"}", new Judgement.Discard("rspamd")),
        Arguments.of("{\"action\":\"quarantine\"}", new Judgement.Quarantine("rspamd")));
  }

  @ParameterizedTest
  @MethodSource("judgements")
  void saysWhatRspamdSays(String json, Judgement expected) throws Exception {
    FilterAnswer answer = answer(json, letter("x\r\n"));
    assertThat(answer.judgement()).isEqualTo(expected);
    assertThat(answer.edits()).isEmpty();
  }

  private Mail edited(String json) throws Exception {
    Examined letter = letter("x\r\n");
    return EditedMail.edit(letter.mail(), answer(json, letter).edits(), List::of);
  }

  private static List<String> fields(Mail mail) {
    return mail.headers().fields().stream()
        .map(field -> field.is("Received") ? "Received" : field.text())
        .toList();
  }

  @Test
  void makesTheChangesOfRspamd() throws Exception {
    assertThat(fields(edited("{\"action\":\"add header\"}")))
        .containsExactly("Received", "X-Old: 1", "Subject: x", "X-Old: 2", "X-Spam: Yes");
    assertThat(fields(edited("{\"action\":\"rewrite subject\",\"subject\":\"*** x\"}")))
        .containsExactly("Received", "X-Old: 1", "Subject: *** x", "X-Old: 2");
    Mail mail =
        edited(
            """
            {"action": "no action",
             "milter": {
               "remove_headers": {"x-old": 0, "None": 1},
               "add_headers": {
                 "X-A": "plain",
                 "X-B": {"order": 1, "value": "first\\nline\\n\\nBcc: x"},
                 "X-C": [{"value": "one"}, {"order": 0, "value": "top"}]},
               "change_from": "<s@example.net>",
               "add_rcpt": ["n@example.net"],
               "del_rcpt": ["b@example.com"]},
             "dkim-signature": "v=1; a=rsa-sha256"}
            """);
    assertThat(fields(mail))
        .containsExactly(
            "X-C: top",
            "DKIM-Signature: v=1; a=rsa-sha256",
            "Received",
            "X-B: first\r\n\tline\r\n\tBcc: x",
            "Subject: x",
            "X-A: plain",
            "X-C: one");
    assertThat(mail.reversePath()).hasToString("s@example.net");
    assertThat(mail.recipients().stream().map(Recipient::address))
        .containsExactly(Address.parse("n@example.net"));
  }

  @Test
  void removesWhichOfAName() throws Exception {
    for (var each :
        Map.of("1", "X-Old: 2", "2", "X-Old: 1", "-1", "X-Old: 1", "-2", "X-Old: 2").entrySet()) {
      assertThat(
              fields(
                  edited(
                      "{\"action\":\"no action\",\"milter\":{\"remove_headers\":{\"X-Old\":"
                          + each.getKey()
                          + "}}}")))
          .as(each.getKey())
          .containsExactlyInAnyOrder("Received", "Subject: x", each.getValue());
    }
    assertThat(
            fields(
                edited("{\"action\":\"no action\",\"milter\":{\"remove_headers\":{\"X-Old\":7}}}")))
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"action\":7}",
        "{\"action\":\"dance\"}",
        "{\"action\":\"no action\",\"is_skipped\":true,\"score\":0.0,\"symbols\":{}}",
        "{\"action\":\"reject\",\"milter\":{\"reject\":\"dance\"}}",
        "{\"action\":\"no action\",\"milter\":{\"add_headers\":{\"X y\":\"z\"}}}",
        "{\"action\":\"no action\",\"milter\":{\"add_headers\":{\"X\":7}}}",
        "{\"action\":\"no action\",\"milter\":{\"add_rcpt\":\"nobody\"}}"
      })
  void whatIsNotAnAnswerIsNone(String json) throws Exception {
    assertThat(answer(json, letter("x\r\n")).judgement()).isInstanceOf(Judgement.NoAnswer.class);
  }

  private static String list(String each, int count) {
    return String.join(",", Collections.nCopies(count, each));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"add_headers\":{\"X\":[', '\"a\"', ']}'",
    "'\"remove_headers\":{\"X-Old\":[', 1, ']}'",
    "'\"add_rcpt\":[', '\"a@b.example\"', ']'",
  })
  void whoChangesTooMuchGivesNoAnswer(String before, String each, String after) throws Exception {
    String start = "{\"action\":\"no action\",\"milter\":{" + before;
    assertThat(answer(start + list(each, 10_000) + after + "}}", letter("x\r\n")).judgement())
        .isEqualTo(Judgement.PASS);
    assertThat(answer(start + list(each, 10_001) + after + "}}", letter("x\r\n")).judgement())
        .isEqualTo(new Judgement.NoAnswer("more than 10000 changes"));
  }

  @Test
  void anAnswerMayHaveTooManyValues() throws Exception {
    assertThat(
            answer(
                    "{\"action\":\"no action\",\"x\":[" + list("{}", 200_000) + "]}",
                    letter("x\r\n"))
                .judgement())
        .isInstanceOfSatisfying(
            Judgement.NoAnswer.class,
            none -> assertThat(none.why()).endsWith("more than 200000 values"));
  }

  /// Many fields of a sender's are removed by one edit.
  @Test
  void aSenderCannotHaveRspamdChangeTooMuch() throws Exception {
    Examined letter = ExaminedLetters.of("X-Spam: 1\r\n".repeat(11_000), "x\r\n", store);
    try (var rspamd = new ScriptedRspamd()) {
      rspamd.answer =
          ScriptedRspamd.Answer.parts(
              "{\"action\":\"no action\",\"milter\":{\"remove_headers\":{\"x-spam\":0}}}",
              Optional.empty());
      FilterAnswer answer = ask(rspamd.url(), letter);
      assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
      assertThat(fields(EditedMail.edit(letter.mail(), answer.edits(), List::of)))
          .containsExactly("Received");
    }
  }

  @Test
  void anAnswerMayBeTooDeep() throws Exception {
    assertThat(answer("{\"action\":" + "[".repeat(100_000), letter("x\r\n")).judgement())
        .isInstanceOf(Judgement.NoAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"action\":\"no action\"}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n{\"action\":\"no action\"}",
        "SPAMD/1.1 0 EX_OK\r\n\r\n"
      })
  void neitherIsHalfOfOne(String said) throws Exception {
    try (var server = new RudeServer(said, 100, true)) {
      assertThat(ask("http://127.0.0.1:" + server.port(), letter("x\r\n")).judgement())
          .isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    try (var server =
            new RudeServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", 100, false);
        var filter =
            new RspamdFilter(
                "http://127.0.0.1:" + server.port(),
                new FilterPatience(
                    Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300)),
                new RspamdTerms(Optional.of("x"), Optional.of("y"), "X"))) {
      assertThat(filter.examine(letter("x\r\n")).judgement())
          .isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:11333",
        "ftp://x",
        "http://",
        "http://x/y",
        "http://x:1?y",
        "http:// x"
      })
  void anotherAddressIsRefused(String written) {
    assertThatThrownBy(() -> new RspamdFilter(written, PATIENCE, RspamdTerms.USUAL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the address of rspamd such as http://127.0.0.1:11333");
  }
}
