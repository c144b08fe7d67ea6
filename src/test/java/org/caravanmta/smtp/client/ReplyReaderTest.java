package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a server says, however it says it (postfix `smtp_chat_resp()`).
class ReplyReaderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// `~` stands for CRLF, `^` for LF, `_` for CR, `%` for TAB.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          250 2.1.0 Ok~                      | 250 2.1.0 Ok
          250~                               | '250 '
          250 ~                              | '250 '
          250%tabbed~                        | 250 tabbed
          250 lf only^                       | 250 lf only
          250-2.0.0 one~250 2.0.0 two~       | 250 2.0.0 one two
          250-one^250-^250 three^            | 250 one  three
          250-queued~251 forwarded~          | 251 queued forwarded
          250-queued~550 5.7.1 no~           | 550 5.7.1 queued no
          550-5.7.1 spam~550 see our pages~  | 550 5.7.1 spam see our pages
          550-5.1.1 no~450 4.2.0 later~      | 450 4.2.0 no later
          550-5.1.1 no~250 well~             | 250 no well
          hello?~250 ok~                     | 250 ok
          25 short~2500 long~250 ok~         | 250 ok
          250ok~ 250 shifted~250 ok~         | 250 ok
          250-one~ folded~%too~250 two~      | 250 one folded ?too two
          250-one~~~250 two~                 | 250 one two
          ~~^250 after nothing~              | 250 after nothing
          250 5.1.1 of another class~        | 250 5.1.1 of another class
          451 2.0.0 odd~                     | 451 2.0.0 odd
          550   5.7.1   wide~                | 550 5.7.1 wide
          550 5.7 short~                     | 550 5.7 short
          650 beyond~                        | 650 beyond
          099 below~                         | 099 below
          354 5.0.0 go~                      | 354 5.0.0 go
          250 gr\u00fc\u00dfe \u2603~        | 250 gr\u00fc\u00dfe \u2603
          250 a\u0000b\u001b[31m\u009b1m~    | 250 a?b?[31m?1m
          250 not ended                      | 250 not ended
          250-mac_250 cr only_               | 250 cr only
          250_                               | '250 '
          """)
  void theLineThatEndsAReplyDecides(String wire, String expected) throws IOException {
    byte[] bytes =
        wire.replace("~", "\r\n")
            .replace("^", "\n")
            .replace("_", "\r")
            .replace("%", "\t")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(read(new ByteArrayInputStream(bytes))).hasToString(expected);
    assertThat(read(dripping(bytes))).hasToString(expected);
  }

  @Test
  void whatIsTooLongIsCutAndStillDecides() throws IOException {
    Reply line = read(text("250 2.0.0 " + "x".repeat(100_000) + "\r\n250 next\r\n"));
    assertThat(line.code()).isEqualTo(250);
    assertThat(line.status()).hasToString("Optional[2.0.0]");
    assertThat(line.lines().getFirst()).hasSizeLessThan(ReplyLine.LONGEST).startsWith("xxx");

    Reply lines = read(text("250-2.0.0 line\r\n".repeat(5000) + "550 5.7.1 in the end\r\n"));
    assertThat(lines.code()).isEqualTo(550);
    assertThat(lines.status()).hasToString("Optional[5.7.1]");
    assertThat(lines.toString()).hasSizeLessThan(10_000);
  }

  @Test
  void theNextReplyBeginsWhereTheLastOneEnded() throws IOException {
    var reader =
        new ReplyReader(text("250 " + "long".repeat(2000) + "\r\njunk\r\n250-a\r\n251 b\r\n354\n"));
    assertThat(reader.read(PATIENCE).code()).isEqualTo(250);
    assertThat(reader.skipped()).isEmpty();
    assertThat(reader.read(PATIENCE)).hasToString("251 a b");
    assertThat(reader.skipped()).contains("junk");
    assertThat(reader.ahead()).isTrue();
    assertThat(reader.read(PATIENCE).code()).isEqualTo(354);
    assertThat(reader.skipped()).isEmpty();
    assertThat(reader.ahead()).isFalse();
  }

  @Test
  void whatDoesNotEndIsNoReply() {
    for (String open : new String[] {"", "250-one\r\n", "250", "25", "junk\r\n", "250-"}) {
      assertThatThrownBy(() -> read(text(open))).isInstanceOf(EOFException.class);
    }
    assertThatThrownBy(() -> read(endless("250-and so on\r\n")))
        .isInstanceOf(ReplyReader.Garbled.class);
    assertThatThrownBy(() -> read(endless("x"))).isInstanceOf(ReplyReader.Garbled.class);
    assertThatThrownBy(() -> new ReplyReader(endless("250-slow\r\n")).read(Duration.ofNanos(1)))
        .isInstanceOf(SocketTimeoutException.class);
  }

  private static Reply read(InputStream in) throws IOException {
    return new ReplyReader(in).read(PATIENCE);
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /// One byte at a time.
  private static InputStream dripping(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int from, int most) {
        return super.read(into, from, Math.min(1, most));
      }
    };
  }

  private static InputStream endless(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new InputStream() {
      private int at;

      @Override
      public int read() {
        return bytes[at++ % bytes.length];
      }
    };
  }
}
