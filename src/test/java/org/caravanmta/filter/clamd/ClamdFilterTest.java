package org.caravanmta.filter.clamd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RudeServer;
import org.caravanmta.peers.PrivateClamd;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Debian's clamd with one signature of our own, over TCP and a socket of the file system; and
/// servers that are not clamd.
class ClamdFilterTest {
  private static final Judgement INFECTED =
      new Judgement.Refuse(
          Reply.of(554, "5.7.1", "Message contains malware (Eicar-Test.UNOFFICIAL)"));

  @TempDir static Path directory;
  @TempDir Path store;
  private static PrivateClamd clamd;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    port = Ports.free();
    clamd = PrivateClamd.start(directory, port);
  }

  @AfterAll
  static void stop() {
    if (clamd != null) {
      clamd.close();
    }
  }

  private static FilterAnswer ask(String address, Examined message, Duration patience) {
    try (var filter =
        new ClamdFilter(
            FilterAddress.parse(address), new FilterPatience(patience, patience, patience))) {
      return filter.examine(message);
    }
  }

  private Examined letter(String body) {
    return ExaminedLetters.of("Subject: x\r\n", body, store);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inet:127.0.0.1:PORT", "unix:DIRECTORY/sock"})
  void findsWhatIsThere(String written) {
    String address =
        written.replace("PORT", String.valueOf(port)).replace("DIRECTORY", directory.toString());
    assertThat(ask(address, letter("hello\r\n"), Duration.ofMinutes(1)).judgement())
        .isEqualTo(Judgement.PASS);
    assertThat(
            ask(address, letter("hello\r\n" + PrivateClamd.EICAR + "\r\n"), Duration.ofMinutes(1)))
        .isEqualTo(new FilterAnswer(INFECTED, List.of(), "found=Eicar-Test.UNOFFICIAL"));
  }

  @Test
  void whatIsTooLargeToScanIsNotClean() {
    String address = "inet:127.0.0.1:" + port;
    assertThat(ask(address, letter("x".repeat(900_000)), Duration.ofMinutes(1)).judgement())
        .isEqualTo(Judgement.PASS);
    assertThat(ask(address, letter("x".repeat(3_000_000)), Duration.ofMinutes(1)).judgement())
        .isInstanceOf(Judgement.NoAnswer.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OK                                  | OK
          stream: OKAY                        | stream: OKAY
          stream: ERROR                       | stream: ERROR
          INSTREAM size limit exceeded. ERROR | INSTREAM size limit exceeded. ERROR
          UNKNOWN COMMAND                     | UNKNOWN COMMAND
          file.eml: OK                        | file.eml: OK
          """)
  void whatIsNotAnAnswerIsNone(String said, String why) throws IOException {
    try (var server = new RudeServer(said + "\0", 100, true)) {
      FilterAnswer answer =
          ask(server.address().toString(), letter("hello\r\n"), Duration.ofMinutes(1));
      assertThat(answer)
          .isEqualTo(
              FilterAnswer.of(
                  new Judgement.NoAnswer(
                      server.address() + ": " + why,
                      why.contains("size limit")
                          ? Judgement.NoAnswer.Cause.MESSAGE
                          : Judgement.NoAnswer.Cause.SERVER)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stream: Evil¶250 ok\u0007 FOUND   | Evil?250 ok?
          stream:  FOUND                    | unnamed
          stream: A FOUND¶stream: OK        | A
          stream: FOUND FOUND               | FOUND
          """)
  void whateverHasBeenFoundIsNamedInOneLine(String said, String name) throws IOException {
    try (var server = new RudeServer(said.replace('¶', '\n') + "\0", 100, true)) {
      assertThat(ask(server.address().toString(), letter("x\r\n"), Duration.ofMinutes(1)))
          .isEqualTo(
              new FilterAnswer(
                  new Judgement.Refuse(
                      Reply.of(554, "5.7.1", "Message contains malware (" + name + ")")),
                  List.of(),
                  "found=" + name));
    }
  }

  @Test
  void halfAnAnswerIsNone() throws IOException {
    for (String half : List.of("", "stream: OK", "stream: Eicar FOUND")) {
      try (var server = new RudeServer(half, 100, true)) {
        assertThat(ask(server.address().toString(), letter("x\r\n"), Duration.ofMinutes(1)))
            .isEqualTo(
                FilterAnswer.of(
                    new Judgement.NoAnswer(server.address() + ": closed the connection")));
      }
    }
  }

  @Test
  void neitherIsSilenceNorAFloodNorNobody() throws IOException {
    try (var silent = new RudeServer("", 0, false)) {
      assertThat(ask(silent.address().toString(), letter("x\r\n"), Duration.ofMillis(200)))
          .isEqualTo(
              FilterAnswer.of(
                  new Judgement.NoAnswer(silent.address() + ": no answer within 200 ms")));
    }
    String address;
    try (var flood = new RudeServer("x".repeat(1 << 20), 0, false)) {
      address = flood.address().toString();
      assertThat(ask(address, letter("x\r\n"), Duration.ofMinutes(1)).judgement())
          .isInstanceOfSatisfying(
              Judgement.NoAnswer.class,
              none -> assertThat(none.why()).contains("a line longer than"));
    }
    assertThat(ask(address, letter("x\r\n"), Duration.ofMinutes(1)).judgement())
        .isInstanceOf(Judgement.NoAnswer.class);
  }
}
