package org.caravanmta.filter.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Messages as content filters give them back.
class RemadeMessageTest {
  @TempDir Path directory;

  /// A body that never ends.
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }

    @Override
    public int read(byte[] into, int from, int length) {
      Arrays.fill(into, from, from + length, (byte) 'x');
      return length;
    }
  }

  /// It would fill the store for as long as a filter is waited for.
  @Test
  void aMessageWithoutAnEndIsNone() {
    Examined letter = ExaminedLetters.of("Subject: x\r\n", "hello\r\n", directory);
    var in =
        new WireInput(
            new SequenceInputStream(
                new ByteArrayInputStream("Subject: x\r\n\r\n".getBytes(ISO_8859_1)),
                new Endless()));
    assertThatThrownBy(() -> RemadeMessage.read(in, letter))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "a message of more than "
                + (letter.mail().size() + RemadeMessage.MOST_ADDED)
                + " bytes");
  }
}
