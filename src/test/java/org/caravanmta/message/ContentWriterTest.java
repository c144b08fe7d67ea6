package org.caravanmta.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A new body, small or large, in pieces.
class ContentWriterTest {
  private static final int INLINE = 1000;

  @TempDir Path directory;

  private long files() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1000, 1001, 5000, 200_000})
  void isWhatWasWritten(int length) throws IOException {
    var store = ContentStore.open(directory);
    byte[] bytes = bytes(length);
    try (var writer = new ContentWriter(store, "a", INLINE, ContentWriter.Ends.KEPT)) {
      for (int from = 0; from < length; from += 300) {
        writer.write(bytes, from, Math.min(300, length - from));
      }
      switch (writer.finish()) {
        case Content.Inline(byte[] kept) -> {
          assertThat(length).isLessThanOrEqualTo(INLINE);
          assertThat(kept).isEqualTo(bytes);
        }
        case Content.Stored stored -> {
          assertThat(length).isGreaterThan(INLINE);
          assertThat(store.read(stored).readAllBytes()).isEqualTo(bytes);
        }
      }
    }
    assertThat(files()).isEqualTo(length > INLINE ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void endsEachLineWithCrlfIfItIsMailInLines(int piece) throws IOException {
    var store = ContentStore.open(directory);
    byte[] bytes = "\na\n\r\nb\rc\r\n\n\r\r\n.\n".repeat(3).getBytes(US_ASCII);
    try (var writer = new ContentWriter(store, "a", INLINE, ContentWriter.Ends.CRLF)) {
      for (int from = 0; from < bytes.length; from += piece) {
        writer.write(bytes, from, Math.min(piece, bytes.length - from));
      }
      assertThat(writer.finish())
          .isInstanceOfSatisfying(
              Content.Inline.class,
              it ->
                  assertThat(new String(it.bytes(), US_ASCII))
                      .isEqualTo("\r\na\r\n\r\nb\rc\r\n\r\n\r\r\n.\r\n".repeat(3)));
    }
  }

  @Test
  void leavesNothingOfWhatIsNotFinished() throws IOException {
    var store = ContentStore.open(directory);
    try (var writer = new ContentWriter(store, "a", INLINE, ContentWriter.Ends.KEPT)) {
      writer.write(bytes(5000), 0, 5000);
      assertThat(files()).isEqualTo(1);
    }
    assertThat(files()).isZero();
  }
}
