package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A message of 100 MB passes a Caravan with a heap of 256 MB, byte for byte, and leaves nothing
/// behind.
class LargeMessageTest {
  private static final int SIZE = 100_000_000;
  private static final int LINE = 76;

  @TempDir Path directory;

  @Test
  void aHundredMegabytesPassUnchanged() throws Exception {
    byte[] body = body();
    try (var sink = Sink.start();
        var caravan =
            Server.on(
                Ports.free(),
                Ports.free(),
                directory.resolve("var"),
                "-Xmx256m",
                "--set",
                "smtp.size-limit=200MiB",
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port);
        var talk = Talk.to(caravan.smtp)) {
      talk.say("MAIL FROM:<bob@caravan.test> SIZE=" + SIZE);
      talk.say("RCPT TO:<joe@elsewhere.example>");
      talk.say("RCPT TO:<alice@caravan.test>");
      assertThat(talk.say("DATA")).startsWith("354");
      OutputStream out = talk.raw();
      out.write("Subject: large\r\nX-Seq: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(talk.data(body)).startsWith("250 2.0.0 Ok: queued as ");

      await().atMost(Duration.ofSeconds(60)).until(() -> sink.arrived.containsKey("large"));
      await().atMost(Duration.ofSeconds(60)).until(() -> caravan.maildir("alice").size() == 1);
      byte[] relayed = sink.last();
      assertThat(Arrays.mismatch(tail(relayed, body.length), body))
          .as("first byte that differs")
          .isEqualTo(-1);
      // a Maildir has the line ends of its system
      assertThat(Files.size(caravan.maildir("alice").getFirst()))
          .isBetween((long) SIZE - SIZE / LINE - 1000, (long) SIZE);
      await().until(() -> contentFiles(caravan) == 0);
    }
  }

  private static byte[] body() {
    byte[] body = new byte[SIZE];
    new Random(1).nextBytes(body);
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) ('0' + (body[i] & 63));
    }
    for (int end = LINE; end <= body.length; end += LINE) {
      body[end - 2] = '\r';
      body[end - 1] = '\n';
    }
    body[body.length - 2] = '\r';
    body[body.length - 1] = '\n';
    return body;
  }

  private static byte[] tail(byte[] bytes, int length) {
    return Arrays.copyOfRange(bytes, bytes.length - length, bytes.length);
  }

  private static long contentFiles(Server caravan) throws Exception {
    try (var files = Files.walk(caravan.data.resolve("content"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
