package org.caravanmta.delivery.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LineFeedsTest {
  @Property
  void eachLineEndLosesItsCarriageReturnHoweverTheBytesCome(
      @ForAll("messages") String message, @ForAll("pieces") int piece) throws IOException {
    String plain = message.replace("\r\n", "\n");
    assertThat(written(message, piece))
        .isEqualTo(plain.isEmpty() || plain.endsWith("\n") ? plain : plain + "\n");
  }

  @Provide
  Arbitrary<String> messages() {
    return Arbitraries.of("\r\n", "\r", "\n", "a", "bc")
        .list()
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<Integer> pieces() {
    return Arbitraries.of(1, 2, 3, 100);
  }

  private static String written(String message, int piece) throws IOException {
    var out = new ByteArrayOutputStream();
    byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    try (var lines = new LineFeeds(out)) {
      for (int from = 0; from < bytes.length; from += piece) {
        lines.write(bytes, from, Math.min(piece, bytes.length - from));
      }
      lines.finish();
    }
    return out.toString(StandardCharsets.US_ASCII);
  }
}
