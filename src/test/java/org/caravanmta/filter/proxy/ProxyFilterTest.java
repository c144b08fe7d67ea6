package org.caravanmta.filter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A filter that speaks SMTP, and answers what a script says.
class ProxyFilterTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30));

  private static final FilterPatience IMPATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofSeconds(20));

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

  /// QUIT is not waited for.
  private static void awaitCommands(TestServer server, String... commands) {
    await().untilAsserted(() -> assertThat(server.commands()).containsExactly(commands));
  }

  private static String whole(Examined letter) throws IOException {
    try (var in = letter.whole()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void takesTheMessageOverWithAllThatWasSaidAboutIt() throws Exception {
    Mail plain = Letters.letter("Subject: x\r\n", ".\r\n..\r\nh\u00e9llo\r\n.x", "b@example.com");
    var recipients =
        List.of(
            new Recipient(
                Address.parse("b@example.com"),
                Address.parse("alias@example.com"),
                Optional.of(new Notify(Set.of(Notify.Event.FAILURE, Notify.Event.DELAY))),
                Optional.of("rfc822;o@example.net"),
                Optional.empty()),
            Recipient.of(Address.parse("\u00fc@example.com")));
    var options =
        new MailOptions(
                Optional.of(MailOptions.Body.EIGHTBITMIME),
                true,
                Optional.of(MailOptions.Ret.HDRS),
                Optional.of("id+3D7"))
            .withRequireTls();
    Examined letter = letter(plain.with(plain.envelope().with(recipients).with(options)));
    try (var server =
        TestServer.start()
            .offering(
                "PIPELINING",
                "SIZE 100000",
                "8BITMIME",
                "SMTPUTF8",
                "DSN",
                "REQUIRETLS",
                "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE")
            .on(".", "250-2.0.0 from MTA(smtp:[127.0.0.1]:10025):\n250 2.0.0 Ok: queued as 7F")) {
      FilterAnswer answer = ask(server, letter);
      var reply =
          new Reply(
              250,
              Optional.of(Status.of("2.0.0")),
              List.of("from MTA(smtp:[127.0.0.1]:10025):", "Ok: queued as 7F"));
      assertThat(answer.judgement()).isEqualTo(new Judgement.Taken(reply));
      assertThat(answer.edits()).isEmpty();
      awaitCommands(
          server,
          "EHLO mx.example.com",
          "XFORWARD NAME=client.example ADDR=192.0.2.7 PORT=4711 PROTO=ESMTP"
              + " HELO=client.example IDENT="
              + plain.id()
              + " SOURCE=REMOTE",
          "MAIL FROM:<joe@far.example> SIZE="
              + letter.mail().size()
              + " BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+3D7",
          "RCPT TO:<b@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;o@example.net",
          "RCPT TO:<\u00fc@example.com>",
          "DATA",
          "QUIT");
      assertThat(server.received()).hasSize(1);
      // as it is, with the end of its last line
      assertThat(server.received().getFirst().text()).isEqualTo(whole(letter) + "\r\n");
    }
  }

  /// From memory, and from the store.
  @ParameterizedTest
  @ValueSource(ints = {0, 900, 3_000_000})
  void ofAnySize(int size) throws Exception {
    byte[] body = new byte[size];
    for (int i = 0; i < size; i++) {
      body[i] = (byte) (i % 70 == 68 ? '\r' : i % 70 == 69 ? '\n' : i % 7 == 0 ? 0x80 + i : '.');
    }
    Content content;
    try (var writer = new ContentWriter(store, "body" + size, 1000, ContentWriter.Ends.KEPT)) {
      writer.write(body, 0, size);
      content = writer.finish();
    }
    Mail mail = Letters.to("b@example.com").with(content);
    Examined letter = letter(mail);
    try (var server = TestServer.start()) {
      assertThat(ask(server, letter).judgement()).isInstanceOf(Judgement.Taken.class);
      byte[] got = server.received().getFirst().bytes();
      int head = letter.mail().headers().length() + 2;
      assertThat(Arrays.copyOfRange(got, head, head + size)).isEqualTo(body);
    }
  }

  @Test
  void aBinaryMessageGoesInOnePiece() throws Exception {
    Mail mail =
        Letters.letter("Subject: x\r\n", "\0\n.\r\n\n.", "b@example.com")
            .with(
                Letters.to("b@example.com")
                    .envelope()
                    .with(
                        new MailOptions(
                            Optional.of(MailOptions.Body.BINARYMIME),
                            false,
                            Optional.empty(),
                            Optional.empty())));
    Examined letter = letter(mail);
    try (var server = TestServer.start().offering("8BITMIME", "CHUNKING", "BINARYMIME")) {
      assertThat(ask(server, letter).judgement()).isInstanceOf(Judgement.Taken.class);
      assertThat(server.received().getFirst().text()).isEqualTo(whole(letter));
    }
    try (var server = TestServer.start().offering("8BITMIME")) {
      assertThat(ask(server, letter).judgement())
          .isEqualTo(
              new Judgement.Refuse(
                  Reply.of(554, "5.6.3", "Our content filter does not take BINARYMIME")));
      awaitCommands(server, "EHLO mx.example.com", "QUIT");
    }
  }

  @Test
  void whatItDoesNotOfferIsNotAskedOfIt() {
    Mail mail = Letters.letter("Subject: x\r\n", "h\u00e9llo\r\n", "b@example.com");
    var options =
        new MailOptions(
            Optional.of(MailOptions.Body.EIGHTBITMIME),
            true,
            Optional.of(MailOptions.Ret.FULL),
            Optional.of("7"));
    try (var server = TestServer.start().offering()) {
      assertThat(ask(server, letter(mail.with(mail.envelope().with(options)))).judgement())
          .isInstanceOf(Judgement.Taken.class);
      awaitCommands(
          server,
          "EHLO mx.example.com",
          "MAIL FROM:<joe@far.example>",
          "RCPT TO:<b@example.com>",
          "DATA",
          "QUIT");
    }
  }

  @Test
  void whatItCannotTakeIsRefused() {
    try (var server = TestServer.start().offering("SIZE 20")) {
      assertThat(ask(server, letter()).judgement())
          .isEqualTo(
              new Judgement.Refuse(
                  Reply.of(552, "5.3.4", "Message size exceeds the limit of our content filter")));
      Mail mail = Letters.to("\u00fc@example.com");
      server.offering();
      assertThat(ask(server, letter(mail)).judgement())
          .isEqualTo(
              new Judgement.Refuse(
                  Reply.of(550, "5.6.7", "Our content filter does not take SMTPUTF8")));
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void nobodysMailHasAnEmptyReversePath() {
    Mail mail = Letters.to("b@example.com");
    try (var server = TestServer.start().offering()) {
      ask(server, letter(mail.with(mail.envelope().with(new ReversePath.Null()))));
      assertThat(server.commands()).contains("MAIL FROM:<>");
    }
  }

  /// The same table is compared with a real Postfix in {@link ProxyBesidePostfixTest}.
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = ProxyReplies.TABLE)
  void aReplyDecides(String command, String reply, String expected) {
    try (var server = ProxyReplies.server(command, reply)) {
      Judgement judgement =
          ask(ProxyFilter.parse("127.0.0.1:" + server.port()), IMPATIENCE, letter()).judgement();
      assertThat(ProxyReplies.shown(judgement)).startsWith(expected);
      assertThat(server.received()).hasSize(command.equals(".") && reply.startsWith("2") ? 1 : 0);
    }
  }

  @Test
  void aRefusedRecipientIsOneOfTheMessage() {
    try (var server = TestServer.start().on("RCPT TO:<c", "550 5.1.1 no such user")) {
      assertThat(ask(server, letter()).judgement())
          .isEqualTo(new Judgement.Refuse(Reply.of(550, "5.1.1", "no such user")));
      awaitCommands(
          server,
          "EHLO mx.example.com",
          "MAIL FROM:<joe@far.example> SIZE=180",
          "RCPT TO:<b@example.com>",
          "RCPT TO:<c@example.com>",
          "QUIT");
    }
  }

  @Test
  void aSocketInTheFileSystem(@TempDir Path own) throws Exception {
    Path path = own.resolve("s");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread.ofVirtual()
          .start(
              () -> {
                try (var one = server.accept()) {
                  String said = "220 a\r\n250 b\r\n550 5.7.1 not from you\r\n";
                  one.write(ByteBuffer.wrap(said.getBytes(StandardCharsets.UTF_8)));
                  one.shutdownOutput();
                  while (one.read(ByteBuffer.allocate(1000)) >= 0) {
                    // until it is closed
                  }
                } catch (IOException e) {
                  // the test is over
                }
              });
      assertThat(ask(ProxyFilter.parse("unix:" + path), PATIENCE, letter()).judgement())
          .isEqualTo(new Judgement.Refuse(Reply.of(550, "5.7.1", "not from you")));
    }
  }

  @Test
  void aMessageThatCannotBeReadIsNotSent() {
    Mail mail = Letters.to("b@example.com").with(new Content.Stored("gone", 100, 0));
    try (var server = TestServer.start()) {
      assertThat(ask(server, letter(mail)).judgement())
          .isEqualTo(
              new Judgement.NoAnswer(
                  "inet:127.0.0.1:" + server.port() + ": the message's content cannot be read",
                  Judgement.NoAnswer.Cause.MESSAGE));
      assertThat(server.received()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1", "127.0.0.1:0", "unix:relative", "http://x:1", "a b:1"})
  void anotherAddressIsRefused(String written) {
    assertThatThrownBy(() -> ProxyFilter.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the address of a filter such as inet:127.0.0.1:8891");
  }
}
