package org.caravanmta.queue.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailCodec;
import org.caravanmta.message.NoticeCodec;
import org.caravanmta.policy.CaseCodec;

/// What the program before this one has put on its queues, byte for byte: a file of
/// `src/test/resources/queued`, each entry a name and the bytes of one message in hexadecimal
/// digits. Such messages are on disk when an operator upgrades, so that the bytes here never
/// change; the encoding may, with a new version of it.
final class Recording {
  private static final Codecs CODECS =
      new Codecs(List.of(new MailCodec(), new NoticeCodec(), new CaseCodec()));

  private final Map<String, byte[]> messages = new LinkedHashMap<>();

  /// @param file `mail.txt`
  Recording(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Recording.class.getResourceAsStream("/queued/" + file), file)) {
      for (String entry : new String(in.readAllBytes(), UTF_8).split("\n\n")) {
        List<String> lines = entry.lines().toList();
        if (!lines.getFirst().startsWith("#")) {
          String digits = String.join("", lines.subList(1, lines.size())).replace(" ", "");
          messages.put(lines.getFirst(), HexFormat.of().parseHex(digits));
        }
      }
    }
  }

  /// That all these are in it, and nothing else.
  void names(Iterable<String> expected) {
    assertThat(messages.keySet()).containsExactlyInAnyOrderElementsOf(expected);
  }

  byte[] bytes(String name) {
    return Objects.requireNonNull(messages.get(name), name);
  }

  /// As this program reads it.
  Object read(String name) {
    return CODECS.decode(bytes(name));
  }

  /// As this program writes what it has read.
  static byte[] written(Object body) {
    return CODECS.encode(body);
  }

  /// That it is this mail, in each part of it.
  static void same(Mail read, Mail expected) {
    assertThat(read.envelope()).isEqualTo(expected.envelope());
    assertThat(read.headers().bytes()).isEqualTo(expected.headers().bytes());
    if (expected.content() instanceof Content.Inline(byte[] bytes)) {
      assertThat(read.content())
          .isInstanceOfSatisfying(
              Content.Inline.class, inline -> assertThat(inline.bytes()).isEqualTo(bytes));
    } else {
      assertThat(read.content()).isEqualTo(expected.content());
    }
  }
}
