package org.caravanmta.filter.spamd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.caravanmta.Ports;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RudeServer;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.peers.PrivateSpamd;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Debian's spamd, with its own rules and no network; and servers that are not spamd.
class SpamdFilterTest {
  private static final String HEADERS =
      "From: a@far.example\r\nTo: b@example.com\r\nSubject: x\r\nMessage-ID: <1@far.example>\r\n"
          + "Date: Mon, 30 Nov 2026 10:00:00 +0000\r\n";

  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2));

  @TempDir static Path directory;
  @TempDir Path store;
  private static PrivateSpamd spamd;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    port = Ports.free();
    spamd = PrivateSpamd.start(directory, port);
  }

  @AfterAll
  static void stop() {
    if (spamd != null) {
      spamd.close();
    }
  }

  private static FilterAnswer ask(
      FilterAddress address,
      SpamdTerms.Command command,
      OptionalDouble refuseAt,
      Examined message) {
    try (var filter =
        new SpamdFilter(
            address, PATIENCE, new SpamdTerms(command, 500_000, Optional.empty(), refuseAt))) {
      return filter.examine(message);
    }
  }

  private static FilterAnswer ask(
      SpamdTerms.Command command, OptionalDouble refuseAt, Examined message) {
    return ask(FilterAddress.parse("inet:127.0.0.1:" + port), command, refuseAt, message);
  }

  private Examined letter(String body) {
    return ExaminedLetters.of(HEADERS, body, store);
  }

  private static Mail edited(Examined message, FilterAnswer answer) {
    return EditedMail.edit(message.mail(), answer.edits(), List::of);
  }

  @ParameterizedTest
  @EnumSource(names = {"HEADERS", "PROCESS"})
  void marksWhatIsSpam(SpamdTerms.Command command) {
    Examined letter = letter("hello\r\n" + PrivateSpamd.GTUBE + "\r\n");
    FilterAnswer answer = ask(command, OptionalDouble.empty(), letter);
    assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
    assertThat(answer.note()).matches("score=1\\d{3}\\.\\d required=5\\.0");
    Mail mail = edited(letter, answer);
    assertThat(mail.headers().first("X-Spam-Flag").orElseThrow().value()).isEqualTo("YES");
    assertThat(mail.headers().first("Subject").orElseThrow().value()).isEqualTo("*SPAM* x");
    // the field that we have written stays on top, and is there once
    assertThat(mail.headers().fields().getFirst().text())
        .isEqualTo(letter.mail().headers().fields().getFirst().text());
    assertThat(mail.headers().all("Received")).hasSize(1);
    assertThat(((Content.Inline) mail.content()).bytes())
        .isEqualTo(((Content.Inline) letter.mail().content()).bytes());
  }

  @Test
  void leavesOtherMailAsItIs() {
    Examined letter = letter("Dear B, see you tomorrow. A\r\n");
    FilterAnswer answer = ask(SpamdTerms.Command.HEADERS, OptionalDouble.of(10), letter);
    assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
    Mail mail = edited(letter, answer);
    assertThat(mail.headers().first("X-Spam-Flag")).isEmpty();
    assertThat(mail.headers().first("X-Spam-Status").orElseThrow().value())
        .startsWith("No, score=");
    assertThat(mail.headers().first("Subject").orElseThrow().value()).isEqualTo("x");
  }

  @Test
  void refusesFromAScoreOn() {
    Examined letter = letter(PrivateSpamd.GTUBE + "\r\n");
    FilterAnswer answer = ask(SpamdTerms.Command.CHECK, OptionalDouble.of(15), letter);
    assertThat(answer.judgement())
        .isEqualTo(new Judgement.Refuse(Reply.of(550, "5.7.1", "Message rejected as spam")));
    assertThat(answer.edits()).isEmpty();
    assertThat(ask(SpamdTerms.Command.CHECK, OptionalDouble.of(5000), letter).judgement())
        .isEqualTo(Judgement.PASS);
  }

  @Test
  void doesNotShowWhatIsTooLarge() {
    assertThat(
            ask(
                SpamdTerms.Command.HEADERS,
                OptionalDouble.of(15),
                letter(PrivateSpamd.GTUBE + "x".repeat(600_000))))
        .isEqualTo(new FilterAnswer(Judgement.PASS, List.of(), "too large to be shown"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SPAMD/1.1 0 EX_OK¶Spam: True ; 15 / 5¶¶                            | closed the connection
          SPAMD/1.1 0 EX_OK¶Spam: True ; 15 / 5¶¶A: b¶¶                      | an answer of 8 bytes, not 0
          SPAMD/1.1 0 EX_OK¶Content-length: 9¶Spam: True ; 15 / 5¶¶A: b¶     | closed the connection
          SPAMD/1.1 0 EX_OK¶Content-length: 9¶Spam: True ; 15 / 5¶¶A: b¶¶    | an answer of 8 bytes, not 9
          SPAMD/1.1 0 EX_OK¶Content-length: 8¶¶A: b¶¶                        | an answer without a score
          SPAMD/1.1 0 EX_OK¶Content-length: 8¶Spam: Maybe ; 15 / 5¶¶A: b¶¶   | an answer without a score
          SPAMD/1.1 0 EX_OK¶Content-length: 2¶Spam: True ; 15 / 5¶¶¶         | a message without a header section
          SPAMD/1.1 0 EX_OK¶Content-length: 13¶Spam: True ; 15 / 5¶¶A: b¶!no¶¶ | not a header field: "!no"
          SPAMD/1.1 76 EX_PROTOCOL¶¶                                         | spamd says "SPAMD/1.1 76 EX_PROTOCOL"
          HTTP/1.1 200 OK¶¶                                                  | spamd says "HTTP/1.1 200 OK"
          """)
  void whatIsNotAnAnswerIsNone(String said, String why) throws IOException {
    try (var server = new RudeServer(said.replace("¶", "\r\n"), 100, true)) {
      FilterAnswer answer =
          ask(
              server.address(),
              SpamdTerms.Command.HEADERS,
              OptionalDouble.empty(),
              letter("x\r\n"));
      assertThat(answer.judgement())
          .isInstanceOfSatisfying(
              Judgement.NoAnswer.class, none -> assertThat(none.why()).endsWith(why));
    }
  }
}
