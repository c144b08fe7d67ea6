package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x90, 0x9B, 0x9D, 0x9F, 0xAD,
        0x061C, 0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066,
        0x2069, 0xD800, 0xDC00, 0xFEFF, 0xFFFE, 0xE0001
      })
  void whatSteersOrHidesBecomesAQuestionMark(int c) {
    String text = "a" + Character.toString(c) + "é";
    assertThat(Printable.text(text)).isEqualTo("a?é");
    assertThat(Printable.ascii("b")).isEqualTo("b");
  }

  @Test
  void textOfTheWorldStaysReadable() {
    for (String text : new String[] {"josé@ex.example", "用户@例子.测试", "सचिन@x", "😀", "𠮷"}) {
      assertThat(Printable.text(text)).isSameAs(text);
      assertThat(Printable.lines(text)).isEqualTo(text);
    }
  }

  @Test
  void linesKeepTheirEndsAndNothingElse() {
    assertThat(Printable.lines("a\r\n\tb\nc\rd\u0085e\u2028f")).isEqualTo("a\r\n\tb\nc?d?e?f");
  }

  /// Wherever the text is cut for the writer, what comes out is the same.
  @Property(tries = 300)
  void aWriterWritesWhatLinesAre(@ForAll @Size(max = 8) java.util.List<String> parts)
      throws Exception {
    var out = new StringWriter();
    var writer = new PrintableWriter(out);
    for (String part : parts) {
      for (char c : part.toCharArray()) {
        writer.write(c);
      }
    }
    writer.close();
    assertThat(out.toString()).isEqualTo(Printable.lines(String.join("", parts)));
  }

  @Test
  void halvesOfAPairAndOfALineEndMeetAcrossWrites() throws Exception {
    var out = new StringWriter();
    try (var writer = new PrintableWriter(out)) {
      for (String part : new String[] {"\uD83D", "\uDE00", "\r", "\n", "\r", "x", "\uD83D", "y"}) {
        writer.write(part);
      }
    }
    assertThat(out.toString()).isEqualTo("😀\r\n?x?y");
  }
}
