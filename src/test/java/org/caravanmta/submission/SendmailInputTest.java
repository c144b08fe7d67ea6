package org.caravanmta.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendmailInputTest {
  /// `|` stands for CRLF, `/` for LF and `~` for CR.
  @ParameterizedTest
  @CsvSource({
    "'',''",
    "a/b/, a|b|",
    "a|b|, a|b|",
    "a/b, a|b|",
    "a/./b/, a|",
    "a|.|b|, a|",
    "a/., a|",
    ".., ..|",
    "a/.b/..c/, a|.b|..c|",
    "a~b~~/, a b |",
    "a~, a |",
    "From joe Mon/S: x//b/, S: x||b|",
    ">From joe Mon/>>From ann/S: x/, S: x|",
    "From: joe/, From: joe|",
    "S: x/From joe/, S: x|From joe|",
    "F, F|",
    "/a/, |a|"
  })
  void isReadAsMailHasIt(String written, String read) throws IOException {
    assertThat(read(written, true)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({"a/./b/, a|.|b|", "., .|", "./, .|"})
  void aLoneDotIsALineWhenTheProgramSaysSo(String written, String read) throws IOException {
    assertThat(read(written, false)).isEqualTo(read);
  }

  @Property(tries = 300)
  void onlyWholeLinesEndInCrlf(
      @ForAll
          @CharRange(from = 'a', to = 'b')
          @net.jqwik.api.constraints.Chars({'~', '/', '.', '|'})
          @StringLength(max = 30)
          String written)
      throws IOException {
    String read = read(written, true);
    assertThat(read).doesNotContain("~", "/");
    assertThat(read.isEmpty() || read.endsWith("|")).isTrue();
    // what has been made of it stays so
    assertThat(read(read, false)).isEqualTo(read);
  }

  private static String read(String written, boolean dotEnds) throws IOException {
    String bytes = written.replace("|", "\r\n").replace("/", "\n").replace("~", "\r");
    try (InputStream in =
        new SendmailInput(new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)), dotEnds)) {
      return new String(in.readAllBytes(), ISO_8859_1)
          .replace("\r\n", "|")
          .replace("\n", "/")
          .replace("\r", "~");
    }
  }
}
