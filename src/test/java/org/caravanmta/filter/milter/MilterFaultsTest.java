package org.caravanmta.filter.milter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.filter.milter.ScriptedMilter.number;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a milter says that it must not: it is no answer, and never one that lets mail pass.
class MilterFaultsTest extends MilterTalk {
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("garbage", packet('z'), "0x7a is not an answer of a milter"),
        Arguments.of("huge", number(0x7f000000), "expected a packet of 1 to 1049600 bytes"),
        Arguments.of("negative", number(-1), "found 4294967295"),
        Arguments.of("empty", number(0), "found 0"),
        Arguments.of("no code", packet('y', text("go away")), "expected a reply of 4yz or 5yz"),
        Arguments.of("positive", packet('y', text("250 2.0.0 ok")), "expected a reply"),
        Arguments.of("two classes", packet('y', text("550 4.7.1 x")), "another class"),
        Arguments.of("other classes", packet('y', text("450 5.7.1 x")), "another class"),
        Arguments.of("no class", packet('y', text("550 6.7.1 x")), "another class"),
        Arguments.of("lost", packet('f'), "has lost a connection of its own"),
        Arguments.of("bare code", packet('y', text("550")), "expected a reply"),
        Arguments.of("no line", packet('y', text("\r\n")), "expected a reply of 4yz or 5yz"),
        Arguments.of("no text", packet('y', text("")), "expected a reply of 4yz or 5yz"),
        Arguments.of("cut text", packet('y', "550 5.7.1 x".getBytes(UTF_8)), "expected 1 texts"),
        Arguments.of("early change", packet('h', text("X-A", "a")), "before its end"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void whatIsNotAnAnswerIsNone(String name, byte[] answer, String why) throws Exception {
    connect();
    hello();
    mail();
    milter.answers('R', answer);
    assertThat(rcpt())
        .isInstanceOfSatisfying(
            Judgement.NoAnswer.class,
            none -> assertThat(none.why()).startsWith(milter.address() + ": ").contains(why));
    // neither is there one about the rest of the message
    assertThat(message("A: 1\r\n\r\nx\r\n")).isInstanceOf(Judgement.NoAnswer.class);
    // the next message has the filter again, which knows who sends it
    assertThat(mail()).isEqualTo(Judgement.PASS);
    assertThat(milter.heard().stream().filter(line -> line.startsWith("H "))).hasSize(2);
    assertThat(rcpt()).isEqualTo(Judgement.PASS);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(Judgement.PASS);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(0x1, packet('h', text("X-A", "a"))),
        Arguments.of(0x1, packet('i', number(1), text("X-B", "b"))),
        Arguments.of(0x2, packet('b', "x".getBytes(UTF_8))),
        Arguments.of(0x4, packet('+', text("<n@example.net>"))),
        Arguments.of(0x8, packet('-', text("<b@example.com>"))),
        Arguments.of(0x10, packet('m', number(1), text("A", ""))),
        Arguments.of(0x20, packet('q', text("odd"))),
        Arguments.of(0x40, packet('e', text("<t@example.org>"))),
        Arguments.of(0x80, packet('2', text("<o@example.net>", "NOTIFY=NEVER"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aChangeThatWasNotAnnouncedIsNone(int ability, byte[] change) throws Exception {
    milter.agrees(6, 0x1ff & ~ability, 0, Map.of());
    upToData();
    milter.answers('E', change, packet('c'));
    assertThat(message("A: 1\r\n\r\nx\r\n")).isInstanceOf(Judgement.NoAnswer.class);
    assertThat(changes).isEmpty();
    // announced, it counts
    milter.agrees(6, ability, 0, Map.of());
    session.close();
    session = session(Duration.ofSeconds(30));
    upToData();
    milter.answers('E', change, packet('c'));
    assertThat(message("A: 1\r\n\r\nx\r\n")).isNotInstanceOf(Judgement.NoAnswer.class);
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    session = session(Duration.ofMillis(200));
    connect();
    hello();
    mail();
    milter.answers('R');
    assertThat(rcpt())
        .isEqualTo(new Judgement.NoAnswer(milter.address() + ": no answer within 200 ms"));
  }

  /// Milters say so while they look something up, as often as they like.
  @Test
  void whoSaysThatItTakesLongerIsWaitedFor() throws Exception {
    session = session(Duration.ofMillis(1500));
    upToData();
    byte[] p = packet('p');
    milter.takes(Duration.ofMillis(500)).answers('E', p, p, p, p, packet('c'));
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(Judgement.PASS);
    // its silence ends it as before
    milter.takes(Duration.ZERO).answers('R', p, p);
    mail();
    assertThat(rcpt())
        .isEqualTo(new Judgement.NoAnswer(milter.address() + ": no answer within 1500 ms"));
  }

  @Test
  void butTenTimesAsLongAtMost() throws Exception {
    var seconds = new AtomicLong();
    session = session(Duration.ofSeconds(30), () -> seconds.getAndIncrement() * 1_000_000_000);
    connect();
    hello();
    mail();
    List<byte[]> longer = new ArrayList<>(Collections.nCopies(300, packet('p')));
    longer.add(packet('c'));
    milter.answers('R', longer.toArray(byte[][]::new));
    assertThat(rcpt()).isEqualTo(Judgement.PASS);
    milter.answers('R', Collections.nCopies(302, packet('p')).toArray(byte[][]::new));
    assertThat(rcpt())
        .isEqualTo(
            new Judgement.NoAnswer(
                milter.address() + ": still at work, and no answer after 300000 ms"));
  }

  /// A milter makes nothing of content without a sender, and what it does not judge must not pass.
  @Test
  void contentWithoutASenderIsNotShown() throws Exception {
    assertThat(message("A: 1\r\n\r\nx\r\n")).isInstanceOf(Judgement.NoAnswer.class);
    connect();
    hello();
    assertThat(message("A: 1\r\n\r\nx\r\n"))
        .isEqualTo(
            new Judgement.NoAnswer(
                milter.address() + ": has not been told who sends the message",
                Judgement.NoAnswer.Cause.MESSAGE));
    // which is not its fault: it follows the session as before
    assertThat(mail()).isEqualTo(Judgement.PASS);
    assertThat(rcpt()).isEqualTo(Judgement.PASS);
    assertThat(message("A: 1\r\n\r\nx\r\n")).isEqualTo(Judgement.PASS);
    assertThat(milter.heard().stream().filter(line -> line.startsWith("L "))).hasSize(1);
    assertThat(milter.heard().stream().filter(line -> line.startsWith("O "))).hasSize(1);
  }

  @Test
  void nobodyThereIsNoAnswer() throws Exception {
    var nobody = FilterAddress.parse("inet:127.0.0.1:" + Ports.free());
    var patience = Duration.ofSeconds(30);
    try (var alone =
        new MilterSession(
            nobody,
            new FilterPatience(patience, patience, patience),
            MacroNames.USUAL,
            System::nanoTime)) {
      var client = new MilterClient("localhost", InetAddress.getByName("127.0.0.1"), 40_000);
      assertThat(alone.connect(client, macros))
          .isEqualTo(new Judgement.NoAnswer(nobody + ": Connection refused"));
      assertThat(alone.mail("<s@example.org>", List.of(), macros))
          .isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @Test
  void anotherVersionIsNoAnswer() throws Exception {
    milter.agrees(7, 0x1ff, 0, Map.of());
    assertThat(connect())
        .isInstanceOfSatisfying(
            Judgement.NoAnswer.class,
            none ->
                assertThat(none.why())
                    .contains("expected version 2 to 6", "milter protocol, found 7"));
  }

  @Test
  void aBodyThatCannotBeReadIsNotAMessage() throws Exception {
    upToData();
    var ending =
        session.message(
            List.of(),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("has a wrong checksum");
              }
            },
            macros,
            changes::add);
    assertThat(ending).isEqualTo(new Judgement.NoAnswer("has a wrong checksum"));
    assertThat(milter.heard()).doesNotContain("E");
  }
}
