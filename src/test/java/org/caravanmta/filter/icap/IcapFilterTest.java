package org.caravanmta.filter.icap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A message shown to an ICAP service that a test has written.
class IcapFilterTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private static final String OPTIONS =
      "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: \"1\"\r\nAllow: 204\r\n";
  private static final String CLEAN = "ICAP/1.0 204 No Content\r\nISTag: \"1\"\r\n\r\n";

  @TempDir Path store;

  private Examined letter(String body) {
    return ExaminedLetters.of("Subject: x\r\n", body, store);
  }

  private static FilterAnswer ask(ScriptedIcap service, Examined message) {
    try (var filter = new IcapFilter(service.uri(), PATIENCE, Instant::now)) {
      return filter.examine(message);
    }
  }

  private static String whole(Examined message) throws IOException {
    try (var whole = message.whole()) {
      return new String(whole.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10, 100_000})
  void showsTheWholeMessage(int preview) throws IOException {
    String more = preview < 0 ? "" : "Preview: " + preview + "\r\n";
    Examined letter = letter("hello\r\n".repeat(1000));
    try (var service = new ScriptedIcap(OPTIONS + more + "\r\n", true, CLEAN)) {
      assertThat(ask(service, letter)).isEqualTo(FilterAnswer.of(Judgement.PASS));
      assertThat(service.shown()).isEqualTo(whole(letter));
      assertThat(service.head())
          .startsWith("RESPMOD icap://127.0.0.1:" + service.port() + "/scan ICAP/1.0\r\n")
          .contains("\r\nAllow: 204\r\n", "\r\nGET http://mx.example.com/")
          .contains("HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n");
    }
  }

  @Test
  void showsNoMoreThanTheServiceWants() throws IOException {
    try (var service = new ScriptedIcap(OPTIONS + "Preview: 30\r\n\r\n", false, CLEAN)) {
      Examined letter = letter("hello\r\n".repeat(1000));
      assertThat(ask(service, letter).judgement()).isEqualTo(Judgement.PASS);
      assertThat(service.shown()).isEqualTo(whole(letter).substring(0, 30));
    }
  }

  @Test
  void asksInTheWayThatTheServiceKnows() throws IOException {
    try (var service =
        new ScriptedIcap("ICAP/1.0 200 OK\r\nMethods: REQMOD\r\n\r\n", true, CLEAN)) {
      Examined letter = letter("hello\r\n");
      assertThat(ask(service, letter).judgement()).isEqualTo(Judgement.PASS);
      assertThat(service.head())
          .startsWith("REQMOD ")
          .contains("Encapsulated: req-hdr=0, req-body=", "\r\nPUT http://mx.example.com/");
      assertThat(service.shown()).isEqualTo(whole(letter));
    }
  }

  @Test
  void asksForOptionsOnce() throws IOException {
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", true, CLEAN);
        var filter = new IcapFilter(service.uri(), PATIENCE, Instant::now)) {
      for (int i = 0; i < 3; i++) {
        assertThat(filter.examine(letter("x\r\n")).judgement()).isEqualTo(Judgement.PASS);
      }
      assertThat(service.questions()).isEqualTo(1);
    }
    // until it has changed
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", true, CLEAN.replace("\"1\"", "\"2\""));
        var filter = new IcapFilter(service.uri(), PATIENCE, Instant::now)) {
      for (int i = 0; i < 3; i++) {
        assertThat(filter.examine(letter("x\r\n")).judgement()).isEqualTo(Judgement.PASS);
      }
      assertThat(service.questions()).isEqualTo(3);
    }
  }

  static Stream<Arguments> findings() {
    String blocked = "ICAP/1.0 200 OK\r\n%sEncapsulated: res-hdr=0, res-body=30\r\n\r\n";
    String page =
        "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n5\r\nBlock\r\n0\r\n\r\n";
    return Stream.of(
        Arguments.of(
            blocked.formatted("X-Infection-Found: Type=0; Resolution=2; Threat=Eicar-Test;\r\n")
                + page,
            "found=Eicar-Test"),
        Arguments.of(
            blocked.formatted("X-Virus-ID: EICAR test file\r\n") + page, "found=EICAR test file"),
        Arguments.of(
            blocked.formatted("X-Violations-Found: 1\r\n\tmail.eml\r\n\tEICAR\r\n\t1\r\n\t2\r\n")
                + page,
            "found=EICAR"),
        Arguments.of("ICAP/1.0 201 Created\r\nX-Virus-ID: W32\r\n\r\n", "found=W32"),
        Arguments.of(
            "ICAP/1.0 204 No Content\r\nX-Infection-Found: Type=0; Threat=T;\r\n\r\n", "found=T"),
        Arguments.of(blocked.formatted("") + page, "blocked=403"),
        Arguments.of(
            blocked.formatted("")
                + page.replace("403 Forbidden", "200 OK")
                    .replace("\r\nContent", "\r\nA: b\r\nContent"),
            "blocked=200"));
  }

  @ParameterizedTest
  @MethodSource("findings")
  void refusesWhatIsFound(String said, String note) throws IOException {
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", true, said)) {
      FilterAnswer answer = ask(service, letter("x\r\n"));
      assertThat(answer.judgement()).isInstanceOf(Judgement.Refuse.class);
      assertThat(answer.note()).isEqualTo(note);
    }
  }

  private static String returned(String message) {
    return "ICAP/1.0 200 OK\r\n"
        + "X-Virus-ID: no threats\r\n"
        + "Encapsulated: res-hdr=0, res-body=60\r\n\r\n"
        + "HTTP/1.1 200 OK\r\n"
        + "Content-Type: message/rfc822\r\n\r\n"
        + Integer.toHexString(message.length())
        + "\r\n"
        + message
        + "\r\n0\r\n\r\n";
  }

  @Test
  void takesWhatComesBack() throws IOException {
    Examined letter = letter("hello\r\n");
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", true, returned(whole(letter)))) {
      assertThat(ask(service, letter)).isEqualTo(FilterAnswer.of(Judgement.PASS));
    }
    String changed =
        whole(letter).replace("hello", "[cut]").replace("Subject: x", "Subject: y\r\nX-A: b");
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", true, returned(changed))) {
      FilterAnswer answer = ask(service, letter);
      assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
      Mail mail = EditedMail.edit(letter.mail(), answer.edits(), List::of);
      assertThat(mail.headers().toString()).endsWith("Subject: y\r\nX-A: b\r\n");
      assertThat(mail.headers().all("Received")).hasSize(1);
      assertThat(((Content.Inline) mail.content()).bytes()).asString().isEqualTo("[cut]\r\n");
    }
  }

  /// RFC 3507 §4.4.1: a head of HTTP need not be there.
  @Test
  void takesAMessageWithoutAHead() throws Exception {
    for (String parts : List.of("res-body=0", "req-body=0")) {
      Examined letter =
          ExaminedLetters.of("Content-Type: text/plain\r\nSubject: x\r\n", "hello\r\n", store);
      String changed = whole(letter).replace("hello", "[cut]");
      try (var service =
          new ScriptedIcap(
              OPTIONS + "\r\n",
              true,
              returned(changed)
                  .replace("HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n\r\n", "")
                  .replace("res-hdr=0, res-body=60", parts))) {
        FilterAnswer answer = ask(service, letter);
        assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
        Mail mail = EditedMail.edit(letter.mail(), answer.edits(), List::of);
        assertThat(((Content.Inline) mail.content()).bytes()).asString().isEqualTo("[cut]\r\n");
      }
    }
  }

  @Test
  void takesARequestThatComesBack() throws Exception {
    Examined letter = letter("hello\r\n");
    String changed = whole(letter).replace("hello", "[cut]");
    try (var service =
        new ScriptedIcap(
            OPTIONS.replace("RESPMOD", "REQMOD") + "\r\n",
            true,
            returned(changed)
                .replace("HTTP/1.1 200 OK", "PUT http://mx.example.com/x HTTP/1.1")
                .replace("res-", "req-"))) {
      FilterAnswer answer = ask(service, letter);
      assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
      assertThat(answer.edits()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ICAP/1.0 204",
        "ICAP/1.0 200 OK\r\nEncapsulated: res-body=0\r\n\r\n5\r\nBlock\r\n0\r\n\r\n",
        "ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=9\r\n\r\n"
            + "Forbidden\r\nContent-Type: text/html\r\n\r\n5\r\nBlock\r\n0\r\n\r\n",
        "ICAP/1.0 200 OK\r\nEncapsulated: req-hdr=0, req-body=9\r\n\r\nPUT / HTTP/1.1\r\n"
            + "Content-Type: text/html\r\n\r\n5\r\nBlock\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "ICAP/1.0 404 Not Found\r\n\r\n",
        "ICAP/1.0 500 Server Error\r\n\r\n",
        "ICAP/1.0 200 OK\r\nEncapsulated: null-body=0\r\n\r\n",
        "ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, null-body=9\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "ICAP/1.0 200 OK\r\n"
            + "Encapsulated: res-hdr=0, res-body=9\r\n\r\n"
            + "HTTP/1.1 200 OK\r\n\r\n"
            + "9\r\n"
            + "half",
        "ICAP/1.0 200 OK\r\n"
            + "Encapsulated: res-hdr=0, res-body=9\r\n\r\n"
            + "HTTP/1.1 200 OK\r\n\r\n"
            + "zz\r\n",
        "ICAP/1.0 206 Partial\r\nEncapsulated: res-hdr=0, res-body=9\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
            + "1\r\nx\r\n0; use-original-body=0\r\n\r\n",
      })
  void whatIsNotUnderstoodIsNotClean(String said) throws IOException {
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", true, said)) {
      assertThat(ask(service, letter("x\r\n")).judgement())
          .isInstanceOfSatisfying(
              Judgement.NoAnswer.class,
              none -> assertThat(none.why()).startsWith("inet:127.0.0.1:" + service.port() + ": "));
    }
  }

  @Test
  void allOfTheOriginalIsTheOriginal() throws IOException {
    try (var service =
        new ScriptedIcap(
            OPTIONS + "\r\n",
            true,
            "ICAP/1.0 206 Partial\r\nEncapsulated: res-hdr=0, res-body=9\r\n\r\n"
                + "HTTP/1.1 200 OK\r\n\r\n0; use-original-body=0\r\n\r\n")) {
      assertThat(ask(service, letter("x\r\n"))).isEqualTo(FilterAnswer.of(Judgement.PASS));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ICAP/1.0 404 x\r\n\r\n",
        "ICAP/1.0 200 OK\r\nMethods: LOG\r\n\r\n",
        "nonsense\r\n"
      })
  void aServiceThatCannotBeUsedIsNotClean(String options) throws IOException {
    try (var service = new ScriptedIcap(options, true, CLEAN)) {
      assertThat(ask(service, letter("x\r\n")).judgement()).isInstanceOf(Judgement.NoAnswer.class);
    }
  }
}
