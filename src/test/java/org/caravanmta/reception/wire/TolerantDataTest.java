package org.caravanmta.reception.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Data of clients that end lines with LF alone, when the operator lets them.
class TolerantDataTest {
  /// `<` is CR, `>` is LF, `|` is the end of the data.
  @ParameterizedTest
  @CsvSource({
    "a<>.<>, a<>|",
    "a>b<>.<>, a<>b<>|",
    ".<>, |",
    "a>.>b<>.<>, a<>b<>|",
    "a>.<>b<>.<>, a<>b<>|",
    "a<>.>b<>.<>, a<>b<>|",
    "a<>..b>..c<>.<>, a<>.b<>.c<>|",
    "a<b<>.<>, a b<>|",
    "a<<>.<>, a <>|",
    ".<x<>.<>, ' x<>|'",
    "a<.<>b<>.<>, a .<>b<>|",
    "a<>.<<>b<>.<>, a<> <>b<>|",
    "a<>.<>rest, a<>|",
    "a>.>.<>, a<>"
  })
  void onlyCrLfDotCrLfEnds(String wire, String content) {
    assertThat(shown(wire, wire.length(), false)).isEqualTo(content);
    assertThat(shown(wire, 1, false)).isEqualTo(content);
  }

  /// Postfix's smtpd_forbid_bare_newline = no.
  @ParameterizedTest
  @CsvSource({
    "a<>.<>, a<>|",
    "a>b>.>, a<>b<>|",
    "a>.<>rest, a<>|",
    "a<>.>rest, a<>|",
    ".>, |",
    "a<<>..b>.<<<>, a<>.b<>|",
    "a<b>.>, a b<>|",
    "a<<b>.>, a  b<>|",
    ".<x>.>, ' x<>|'",
    "a>.b>.>, a<>b<>|",
  })
  void anyLineIsAsGoodAsAnother(String wire, String content) {
    assertThat(shown(wire, wire.length(), true)).isEqualTo(content);
    assertThat(shown(wire, 1, true)).isEqualTo(content);
    assertThat(shown(wire, 3, true)).isEqualTo(content);
  }

  /// However it is cut into packets, and whatever it is: what comes out are lines, and none of them
  /// is an end.
  @Property
  void linesComeOut(
      @ForAll @StringLength(max = 30) @CharRange(from = '<', to = '<') String crs,
      @ForAll @StringLength(max = 40) @Chars({'<', '>', '.', 'a'}) String text) {
    String wire = text + crs;

    for (boolean any : new boolean[] {false, true}) {
      String content = shown(wire, wire.length(), any);

      assertThat(shown(wire, 1, any)).isEqualTo(content);
      assertThat(content.replace("<>", "")).doesNotContain("<", ">");
    }
  }

  private static String shown(String wire, int step, boolean any) {
    byte[] bytes = wire.replace('<', '\r').replace('>', '\n').getBytes(StandardCharsets.US_ASCII);
    var decoder = new DataDecoder(new LineEnds(any ? Newlines.ANY : Newlines.NORMALIZED, () -> {}));
    var content = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length && !decoder.ended(); ) {
      at =
          decoder.decode(
              bytes,
              at,
              Math.min(bytes.length, at + step),
              (piece, from, to) -> content.write(piece, from, to - from));
    }
    return content.toString(StandardCharsets.US_ASCII).replace('\r', '<').replace('\n', '>')
        + (decoder.ended() ? "|" : "");
  }
}
