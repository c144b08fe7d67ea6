package org.caravanmta.filter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RudeServer;
import org.caravanmta.headway.Cut;
import org.caravanmta.headway.Headway;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that are no filter, or none that can be asked now.
class RudeProxyTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30));

  @TempDir static Path directory;
  private static ContentStore store;

  @BeforeAll
  static void openAStore() throws IOException {
    store = ContentStore.open(directory);
  }

  private static FilterAnswer ask(FilterAddress address, FilterPatience patience, Examined letter) {
    try (var filter = new ProxyFilter(address, patience)) {
      return filter.examine(letter);
    }
  }

  private static FilterAnswer ask(TestServer server, Examined letter) {
    return ask(ProxyFilter.parse("127.0.0.1:" + server.port()), PATIENCE, letter);
  }

  private static Examined letter(Mail mail) {
    return ExaminedLetters.of(mail, store);
  }

  private static Examined letter() {
    return letter(Letters.to("b@example.com", "c@example.com"));
  }

  @Test
  void lostAfterTheEndItMayHaveTheMessage() {
    for (String end : List.of(TestServer.CLOSE, TestServer.SILENCE, "354 more", "999 ?")) {
      try (var server = TestServer.start().on(".", end)) {
        var patience =
            new FilterPatience(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(500));
        Judgement judgement =
            ask(ProxyFilter.parse("127.0.0.1:" + server.port()), patience, letter()).judgement();
        assertThat(judgement)
            .as(end)
            .isInstanceOfSatisfying(
                Judgement.NoAnswer.class,
                none -> assertThat(none.why()).endsWith("; it may have taken the message"));
      }
    }
  }

  @Test
  void whatIsNotSmtpIsNotAnAnswer() throws Exception {
    for (String said :
        List.of(
            "",
            "2",
            "220",
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            "SSH-2.0-x\r\n",
            "220 a\r\n",
            "220 a\r\n250-b\r\n",
            "x".repeat(5 << 20))) {
      try (var server = new RudeServer(said, 0, true)) {
        assertThat(ask(server.address(), PATIENCE, letter()).judgement())
            .isInstanceOfSatisfying(
                Judgement.NoAnswer.class,
                none ->
                    assertThat(none.why())
                        .startsWith(server.address() + ": ")
                        .doesNotContain("may have"));
      }
    }
  }

  @Test
  void itIsNotWaitedForForEver() throws Exception {
    var patience =
        new FilterPatience(Duration.ofMillis(300), Duration.ofMinutes(5), Duration.ofMinutes(5));
    for (String said : List.of("", "220-a\r\n", "220 a\r\n250-b\r\n")) {
      try (var server = new RudeServer(said, 0, false)) {
        assertThat(ask(server.address(), patience, letter()).judgement())
            .isEqualTo(new Judgement.NoAnswer(server.address() + ": no answer within 300 ms"));
      }
    }
    var later =
        new FilterPatience(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(300));
    try (var server = TestServer.start().on("MAIL", TestServer.SILENCE)) {
      assertThat(ask(ProxyFilter.parse("127.0.0.1:" + server.port()), later, letter()).judgement())
          .isEqualTo(
              new Judgement.NoAnswer(
                  "inet:127.0.0.1:" + server.port() + ": no answer within 300 ms"));
    }
  }

  @Test
  void anAttemptThatIsEndedEndsIt() throws Exception {
    var attempt = new Headway(System::nanoTime);
    try (var server = TestServer.start().on("MAIL", TestServer.SILENCE)) {
      Thread cutting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    await().until(() -> server.commands().size() == 2);
                    attempt.cut(new Cut(Cut.By.OPERATOR, "enough"));
                  });
      assertThat(attempt.during(() -> ask(server, letter())).judgement())
          .isEqualTo(
              new Judgement.NoAnswer(
                  "inet:127.0.0.1:" + server.port() + ": the attempt was ended"));
      cutting.join();
    }
  }

  /// It takes what is said, but reads no content.
  @Test
  void norIsOneThatStopsReading() throws Exception {
    String replies = "220 a\r\n250 b\r\n250 mail\r\n250 rcpt\r\n250 rcpt\r\n354 data\r\n";
    byte[] body = new byte[20_000_000];
    Arrays.fill(body, (byte) 'x');
    Examined letter = letter(letter().mail().with(new Content.Inline(body)));
    var patience =
        new FilterPatience(Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofSeconds(1));
    try (var server = ServerSocketChannel.open().bind(null)) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  // it is closed with the test
                  server.accept().write(ByteBuffer.wrap(replies.getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                  // the test is over
                }
              });
      int port = server.socket().getLocalPort();
      assertThat(ask(ProxyFilter.parse("127.0.0.1:" + port), patience, letter).judgement())
          .isEqualTo(
              new Judgement.NoAnswer("inet:127.0.0.1:" + port + ": no answer within 1000 ms"));
    }
  }

  @Test
  void whatItSaysInTheMiddleOfTheMessageCounts() throws Exception {
    String replies = "220 a\r\n250 b\r\n250 mail\r\n250 rcpt\r\n250 rcpt\r\n354 data\r\n";
    byte[] body = new byte[20_000_000];
    Arrays.fill(body, (byte) 'x');
    Examined letter = letter(letter().mail().with(new Content.Inline(body)));
    try (var server = new RudeServer(replies + "554 5.7.1 no\r\n", 0, true)) {
      assertThat(ask(server.address(), PATIENCE, letter).judgement())
          .isEqualTo(new Judgement.Refuse(Reply.of(554, "5.7.1", "no")));
    }
    try (var server = new RudeServer(replies + "250 2.0.0 yes\r\n", 0, true)) {
      assertThat(ask(server.address(), PATIENCE, letter).judgement())
          .isInstanceOfSatisfying(
              Judgement.NoAnswer.class,
              none ->
                  assertThat(none.why())
                      .endsWith("said: 250 2.0.0 yes (in reply to message body)"));
    }
  }

  @Test
  void whereNobodyListens() throws Exception {
    int port = Ports.free();
    assertThat(ask(ProxyFilter.parse("127.0.0.1:" + port), PATIENCE, letter()).judgement())
        .isEqualTo(
            new Judgement.NoAnswer(
                "inet:127.0.0.1:"
                    + port
                    + ": connect to 127.0.0.1[127.0.0.1]:"
                    + port
                    + ": Connection refused"));
    // no name server is asked for a label as long as that
    String nowhere = "inet:" + "x".repeat(64) + ".invalid:1";
    assertThat(ask(ProxyFilter.parse(nowhere), PATIENCE, letter()).judgement())
        .isEqualTo(new Judgement.NoAnswer(nowhere + ": there is no such host"));
  }
}
