package org.caravanmta.filter.milter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.number;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A session with a milter that a test has written: what it is told, and what its answers mean.
/// What is expected here, a real Postfix was seen to do with the same milter.
class MilterSessionTest extends MilterTalk {
  private static final Judgement REJECTED =
      new Judgement.Refuse(Reply.of(550, "5.7.1", "Command rejected"));
  private static final Judgement LATER =
      new Judgement.Refuse(Reply.of(451, "4.7.1", "Service unavailable - try again later"));

  @Test
  void tellsOfEveryEventInItsOrder() throws Exception {
    assertThat(upToData()).containsOnly(Judgement.PASS);
    var ending =
        message(
            "From: a@example.com\r\nSubject:  two\r\n\tlines \r\nX-Empty:\r\nB:\t2\r\nD : 4\r\n"
                + "\r\nhello\r\n.dot\r\n");
    assertThat(ending).isEqualTo(Judgement.PASS);
    assertThat(session.unknown("FOO bar", macros)).isEqualTo(Judgement.PASS);
    session.close();
    assertThat(milter.heardUntil("Q"))
        .containsExactly(
            "O 6 1ff 1fffff",
            "DC j=mx.example.com _=localhost [127.0.0.1]",
            "C localhost 4 127.0.0.1",
            "DH",
            "H client.example",
            "DM {mail_addr}=s@example.org",
            "M <s@example.org> | SIZE=100 | BODY=8BITMIME",
            "DR",
            "R <b@example.com>",
            "DT",
            "T",
            "DL",
            "L From | a@example.com",
            "DL",
            "L Subject |  two\\n\tlines",
            "DL",
            "L X-Empty |",
            "DL",
            "L B | \t2",
            "DL",
            "L D | 4",
            "DN",
            "N",
            "DB",
            "B 13 hello\\r\\n.dot\\r\\n",
            "DE",
            "E",
            "A",
            "DU",
            "U FOO bar",
            "A",
            "Q");
  }

  @Test
  void tellsABodyInPieces() throws Exception {
    upToData();
    message("A: 1\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(1900));
    assertThat(
            milter.heard().stream()
                .filter(line -> line.startsWith("B "))
                .map(line -> line.split(" ")[1]))
        .containsExactly("65535", "65535", "5730");
  }

  @Test
  void tellsNothingOfWhatTheMilterDoesWithout() throws Exception {
    milter.agrees(6, 0x1ff, 0x37f, Map.of());
    assertThat(upToData()).containsOnly(Judgement.PASS);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(Judgement.PASS);
    session.unknown("FOO", macros);
    assertThat(milter.heardUntil("A").stream().filter(line -> !line.startsWith("D")))
        .containsExactly("O 6 1ff 1fffff", "E", "A");
  }

  @Test
  void doesNotWaitWhereTheMilterDoesNotAnswer() throws Exception {
    milter.agrees(6, 0x1ff, 0xff080, Map.of());
    assertThat(upToData()).containsOnly(Judgement.PASS);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(Judgement.PASS);
    assertThat(milter.heard().stream().filter(line -> !line.startsWith("D")))
        .contains("C localhost 4 127.0.0.1", "L A | 1", "N", "B 3 x\\r\\n", "E");
  }

  @Test
  void givesTheMacrosThatTheMilterAsksFor() throws Exception {
    milter.agrees(6, 0x1ff, 0x100000, Map.of(0, "{mail_addr},j  {none}", 3, "j", 9, "_"));
    upToData();
    message("A: 1\r\n\r\nx\r\n");
    assertThat(milter.heard())
        .contains("DC {mail_addr}=s@example.org j=mx.example.com", "DR j=mx.example.com")
        // and the space that it asks for
        .contains("L A |  1");
  }

  @Test
  void anotherClientBeginsASessionOfItsOwn() throws Exception {
    connect();
    hello();
    session.connect(
        new MilterClient("far.example", InetAddress.getByName("192.0.2.7"), 4711), macros);
    await().until(() -> milter.connections() == 1);
    // on two connections
    assertThat(milter.heard())
        .filteredOn(line -> !line.startsWith("D"))
        .containsExactlyInAnyOrder(
            "O 6 1ff 1fffff",
            "C localhost 4 127.0.0.1",
            "H client.example",
            "A",
            "Q",
            "O 6 1ff 1fffff",
            "C far.example 4 192.0.2.7");
    // nor does a connection that is made anew tell what the other client has said
    milter.answers('M', packet('!'));
    assertThat(mail()).isInstanceOf(Judgement.NoAnswer.class);
    assertThat(mail()).isEqualTo(Judgement.PASS);
    assertThat(milter.heard().stream().filter(line -> line.startsWith("H "))).hasSize(1);
  }

  @Test
  void spansVersions() throws Exception {
    milter.agrees(2, 0x3f, 0, Map.of());
    assertThat(upToData()).containsOnly(Judgement.PASS);
    session.unknown("FOO", macros);
    assertThat(milter.heard()).doesNotContain("DT", "T", "DU", "U FOO");
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(packet('c'), Judgement.PASS),
        Arguments.of(packet('a'), Judgement.PASS),
        Arguments.of(packet('r'), REJECTED),
        Arguments.of(packet('t'), LATER),
        Arguments.of(
            packet('4'),
            new Judgement.Disconnect(Reply.of(421, "4.7.0", "Server closing connection"))),
        Arguments.of(
            packet('y', text("551 5.7.9 go away")),
            new Judgement.Refuse(Reply.of(551, "5.7.9", "go away"))),
        Arguments.of(
            packet('y', text("550 no status")),
            new Judgement.Refuse(Reply.plain(550, "no status"))),
        Arguments.of(
            packet('y', text("550-5.7.1 one\r\n550 5.7.1 two 100%% 5%")),
            new Judgement.Refuse(
                new Reply(550, Optional.of(Status.of("5.7.1")), List.of("one", "two 100% 5")))),
        Arguments.of(
            packet('y', text("550 5.7.1 a\rb\u0085c")),
            new Judgement.Refuse(Reply.of(550, "5.7.1", "a\rb\u0085c"))),
        Arguments.of(
            packet('y', text("421 4.7.0 bye")),
            new Judgement.Disconnect(Reply.of(421, "4.7.0", "bye"))));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void saysWhatTheMilterSaysOfACommand(byte[] answer, Judgement expected) throws Exception {
    connect();
    hello();
    mail();
    milter.answers('R', answer);
    assertThat(rcpt()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void saysWhatTheMilterSaysOfAMessage(byte[] answer, Judgement expected) throws Exception {
    upToData();
    milter.answers('E', answer);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void whatItSaysAtTheBeginningStands(byte[] answer, Judgement expected) throws Exception {
    milter.answers('C', answer);
    assertThat(List.of(connect(), hello(), mail())).containsOnly(expected);
  }

  @Test
  void aCommandThatIsRefusedIsNotTheMessage() throws Exception {
    connect();
    hello();
    milter.answers('M', packet('r')).answers('R', packet('r'));
    assertThat(List.of(mail(), mail(), rcpt(), rcpt()))
        .containsExactly(REJECTED, Judgement.PASS, REJECTED, Judgement.PASS);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(Judgement.PASS);
  }

  @Test
  void whatIsAcceptedIsNotToldToItsEnd() throws Exception {
    connect();
    hello();
    milter.answers('M', packet('a'));
    mail();
    rcpt();
    message("A: 1\r\n\r\nx\r\n");
    mail();
    assertThat(milter.heard().stream().filter(line -> !line.startsWith("D")))
        .endsWith(
            "M <s@example.org> | SIZE=100 | BODY=8BITMIME",
            "A",
            "M <s@example.org> | SIZE=100 | BODY=8BITMIME");
  }

  @Test
  void dropsAMessageButNoSession() throws Exception {
    milter.answers('C', packet('d')).answers('E', packet('d'));
    assertThat(upToData()).containsOnly(Judgement.PASS);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isInstanceOf(Judgement.Discard.class);
  }

  @Test
  void skipsTheRestOfABody() throws Exception {
    upToData();
    milter.answers('B', packet('s'));
    assertThat(message("A: 1\r\n\r\n" + "x".repeat(300_000))).isEqualTo(Judgement.PASS);
    assertThat(milter.heard().stream().filter(line -> line.startsWith("B "))).hasSize(1);
    assertThat(milter.heard()).contains("E");
    // and none of the next
    mail();
    message("A: 1\r\n\r\n" + "x".repeat(70_000));
    assertThat(milter.heard().stream().filter(line -> line.startsWith("B "))).hasSize(3);
  }

  /// It would keep a processor busy and fill the memory for as long as a milter is waited for.
  @ParameterizedTest
  @ValueSource(chars = {'p', 'h', 'b'})
  void anAnswerWithoutAnEndIsNone(char letter) throws Exception {
    upToData();
    byte[] again = letter == 'h' ? packet('h', text("X-A", "a")) : packet(letter);
    milter.answers('E', Collections.nCopies(10_001, again).toArray(byte[][]::new));
    assertThat(message("A: 1\r\n\r\nx\r\n"))
        .isEqualTo(new Judgement.NoAnswer(milter.address() + ": an answer without an end"));
  }

  @Test
  void takesEveryChangeInItsOrder() throws Exception {
    upToData();
    milter.answers(
        'E',
        packet('p'),
        packet('h', text("X-A", "a\n b")),
        packet('i', number(1), text("X-B", "b")),
        packet('m', number(2), text("Subject", "")),
        packet('+', text("<n@example.net>")),
        packet('2', text("<o@example.net>", "NOTIFY=NEVER")),
        packet('-', text("<b@example.com>")),
        packet('e', text("<t@example.org>", "RET=HDRS")),
        packet('e', text("<>")),
        packet('b', "new ".getBytes(UTF_8)),
        packet('p'),
        packet('b', "body".getBytes(UTF_8)),
        packet('c'));
    var ending = message("A: 1\r\n\r\nx\r\n");
    assertThat(ending).isEqualTo(Judgement.PASS);
    assertThat(changes.stream().map(MilterSessionTest::shown))
        .containsExactly(
            "AddHeader[name=X-A, value=a\n b]",
            "InsertHeader[index=1, name=X-B, value=b]",
            "ChangeHeader[index=2, name=Subject, value=]",
            "AddRecipient[path=<n@example.net>, parameters=]",
            "AddRecipient[path=<o@example.net>, parameters=NOTIFY=NEVER]",
            "DeleteRecipient[path=<b@example.com>]",
            "ChangeSender[path=<t@example.org>, parameters=RET=HDRS]",
            "ChangeSender[path=<>, parameters=]",
            "ReplaceBody new ",
            "ReplaceBody body");
  }

  private static String shown(Modification change) {
    return change instanceof Modification.ReplaceBody(byte[] bytes)
        ? "ReplaceBody " + new String(bytes, UTF_8)
        : change.toString();
  }

  @Test
  void setsAsideWhatItIsToldTo() throws Exception {
    upToData();
    milter.answers('E', packet('q', text("a virus")), packet('c'));
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(new Judgement.Quarantine("a virus"));
  }

  @Test
  void aRefusalGoesBeforeItsChanges() throws Exception {
    upToData();
    milter.answers('E', packet('h', text("X-A", "a")), packet('q', text("spam")), packet('r'));
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(REJECTED);
  }

  @Test
  void tellsOfRefusedRecipientsWhomItConcerns() throws Exception {
    connect();
    mail();
    session.refused("<x@example.com>", List.of(), macros);
    assertThat(milter.heard()).noneMatch(line -> line.startsWith("R "));
    session.close();
    milter.agrees(6, 0x1ff, 0x800, Map.of());
    session = session(Duration.ofSeconds(30));
    connect();
    mail();
    milter.answers('R', packet('r'));
    session.refused("<x@example.com>", List.of(), macros);
    assertThat(rcpt()).isEqualTo(Judgement.PASS);
    assertThat(milter.heard()).contains("R <x@example.com>");
  }
}
