package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotStuffingTest {
  @ParameterizedTest
  @CsvSource({
    ".#, ..#",
    "a.b#.#..#c, a.b#..#...#c#",
    "a, a#",
    "'', ''",
    ".., ...#",
  })
  void aDotAtTheStartOfALineIsDoubled(String message, String sent) throws IOException {
    byte[] bytes = message.replace("#", "\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(stuffed(bytes, bytes.length)).isEqualTo(sent.replace("#", "\r\n"));
  }

  @Property
  void theServerGetsBackWhatWasSentAndNeverAnEarlyEnd(@ForAll("messages") String message)
      throws IOException {
    byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    String sent = stuffed(bytes, Math.max(1, bytes.length));
    assertThat(("\r\n" + sent)).doesNotContain("\n.\r\n");
    assertThat(("\r\n" + sent).replace("\n..", "\n.").substring(2))
        .isEqualTo(message.isEmpty() || message.endsWith("\r\n") ? message : message + "\r\n");
  }

  @Property
  void oneByteAtATimeIsAllAtOnce(@ForAll("messages") String message) throws IOException {
    byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    assertThat(stuffed(bytes, 1)).isEqualTo(stuffed(bytes, Math.max(1, bytes.length)));
  }

  @ParameterizedTest
  @CsvSource({
    "abcdefgh, 3, abc# de# fg# h#",
    "abc#def#, 3, abc#def#",
    "abcd#.efg, 3, abc# d#..ef# g#",
    "abc, 1, a# b# c#",
    "ab cd ef, 5, ab cd# ef#",
    "ab cd ef, 4, ab# cd# ef#",
    "ab cd ef, 6, ab cd# ef#",
    "ab cdefgh, 5, ab# cdef# gh#",
    "Subject: abcdefghijkl, 10, Subject:# abcdefghi# jkl#",
    "a    bcdef, 5, a#    b# cdef#",
    "ab cd ef#.gh ij kl#, 5, ab cd# ef#..gh# ij# kl#",
    "abc, 3, abc#",
    "abc d, 3, abc# d#",
  })
  void aLineThatIsTooLongGoesOnBehindABreakAndABlank(String message, int longest, String sent)
      throws IOException {
    byte[] bytes = message.replace("#", "\r\n").getBytes(StandardCharsets.US_ASCII);
    for (int piece = 1; piece <= bytes.length; piece++) {
      assertThat(stuffed(bytes, piece, longest)).isEqualTo(sent.replace("#", "\r\n"));
    }
  }

  /// Unfolded it is what it was, and no line is longer than it may be.
  @Property
  void whatIsBrokenAtBlanksIsFolded(
      @ForAll("words") String line, @ForAll @IntRange(min = 12, max = 40) int longest)
      throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    String sent = stuffed(bytes, 7, longest);
    assertThat(sent.replaceAll("\r\n(?=[ \t])", "")).isEqualTo(line + "\r\n");
    assertThat(sent.lines())
        .allMatch(one -> one.getBytes(StandardCharsets.UTF_8).length <= longest)
        .noneMatch(String::isBlank);
    assertThat(stuffed(bytes, 1, longest)).isEqualTo(sent);
    assertThat(stuffed(bytes, bytes.length, longest)).isEqualTo(sent);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of("a", "ab", "gr\u00f6\u00dfe", "abcdefg", "\u65e5\u672c")
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(words -> String.join(" ", words));
  }

  @Test
  void aCharacterIsNotBroken() throws IOException {
    byte[] bytes = "a\u65e5\u672c\u8a9e".getBytes(StandardCharsets.UTF_8);
    for (int piece = 1; piece <= bytes.length; piece++) {
      assertThat(stuffed(bytes, piece, 6)).isEqualTo("a\u65e5\r\n \u672c\r\n \u8a9e\r\n");
    }
  }

  @Provide
  Arbitrary<String> messages() {
    return Arbitraries.of(".", "\r\n", "a", "..", "\r\n.")
        .list()
        .ofMaxSize(20)
        .map(l -> String.join("", l));
  }

  private static String stuffed(byte[] message, int piece) throws IOException {
    return stuffed(message, piece, 0);
  }

  private static String stuffed(byte[] message, int piece, int longest) throws IOException {
    var out = new ByteArrayOutputStream();
    var stuffing = new DotStuffing(out, longest);
    for (int from = 0; from < message.length; from += piece) {
      byte[] part = Arrays.copyOfRange(message, from, Math.min(message.length, from + piece));
      stuffing.write(part, part.length);
    }
    stuffing.finish();
    return out.toString(StandardCharsets.UTF_8);
  }
}
