package org.caravanmta.reception.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDecoderTest {
  /// What one decoder made of some bytes.
  private record Decoded(
      String content, int taken, boolean ended, boolean bareCr, boolean bareLf) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`.~!`            | ``",
        "`a~!.~!`         | `a~!`",
        "`..~!.~!`        | `.~!`",
        "`.a~!.~!`        | `a~!`",
        "`a..~!.~!`       | `a..~!`",
        "`...~!..a~!.~!`  | `..~!.a~!`",
        "`~!~!.~!`        | `~!~!`"
      })
  void dotsPutBeforeLinesAreTakenAway(String wire, String content) {
    Decoded decoded = decode(crlf(wire), Integer.MAX_VALUE);
    assertThat(decoded)
        .isEqualTo(new Decoded(crlf(content), crlf(wire).length(), true, false, false));
  }

  @Test
  void whatStandsBehindTheEndIsLeft() {
    Decoded decoded = decode("a\r\n.\r\nQUIT\r\n", Integer.MAX_VALUE);
    assertThat(decoded.content()).isEqualTo("a\r\n");
    assertThat(decoded.taken()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "a!.!", "a~.~", "a~!.!", "a!.~!", "a~!.~~!", "a~.~!", "a~!.~", "a~~!.!", "~.!", ".!",
        "~~!.!"
      })
  void nothingElseEndsTheData(String wire) {
    Decoded decoded = decode(crlf(wire), Integer.MAX_VALUE);
    assertThat(decoded.ended()).isFalse();
    assertThat(decoded.bareCr() || decoded.bareLf() || wire.endsWith("~")).isTrue();
  }

  /// One byte at a time = all at once, and both = the rule said simply.
  @Property(tries = 3000)
  void piecesMakeNoDifference(@ForAll("wire") String wire, @ForAll("piece") int piece) {
    Decoded whole = decode(wire, Integer.MAX_VALUE);
    assertThat(decode(wire, piece)).isEqualTo(whole);
    assertThat(decode(wire, 1)).isEqualTo(whole);

    String before = "\r\n" + wire;
    int end = before.indexOf("\r\n.\r\n");
    assertThat(whole.ended()).isEqualTo(end >= 0);
    if (end >= 0) {
      String stuffed = before.substring(0, end + 2);
      assertThat(whole.taken()).isEqualTo(end + 3);
      assertThat(whole.content()).isEqualTo(stuffed.replace("\r\n.", "\r\n").substring(2));
      String rest = stuffed.replace("\r\n", "");
      assertThat(whole.bareCr()).isEqualTo(rest.contains("\r"));
      assertThat(whole.bareLf()).isEqualTo(rest.contains("\n"));
    }
  }

  /// What a client stuffs as RFC 5321 §4.5.2 says comes out as it was, whatever it holds.
  @Property(tries = 1000)
  void anyTextSurvives(@ForAll("lines") List<String> lines, @ForAll("piece") int piece) {
    var text = new StringBuilder();
    var wire = new StringBuilder();
    for (String line : lines) {
      text.append(line).append("\r\n");
      wire.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
    }
    Decoded decoded = decode(wire + ".\r\n", piece);
    assertThat(decoded)
        .isEqualTo(new Decoded(text.toString(), wire.length() + 3, true, false, false));
  }

  @Provide
  Arbitrary<String> wire() {
    return Arbitraries.of(
            "\r\n", "\r\n", "\r\n.\r\n", ".", "\r", "\n", "a", "long enough for two words")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.strings()
        .withChars('.', 'a', '\u00e9', ' ', '\t', '\0')
        .ofMaxLength(40)
        .list();
  }

  @Provide
  Arbitrary<Integer> piece() {
    return Arbitraries.integers().between(1, 20);
  }

  private static Decoded decode(String wire, int piece) {
    byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
    var decoder = new DataDecoder(LineEnds.STRICT);
    var content = new ByteArrayOutputStream();
    int at = 0;
    while (at < bytes.length && !decoder.ended()) {
      int to = (int) Math.min(bytes.length, (long) at + piece);
      int taken = decoder.decode(bytes, at, to, (b, f, t) -> content.write(b, f, t - f));
      assertThat(taken == to || decoder.ended()).isTrue();
      at = taken;
    }
    return new Decoded(
        content.toString(StandardCharsets.ISO_8859_1),
        at,
        decoder.ended(),
        decoder.bareCr(),
        decoder.bareLf());
  }

  /// `~` and `!` are CR and LF.
  private static String crlf(String text) {
    return text.replace('~', '\r').replace('!', '\n');
  }
}
