package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules for what messages say: when they come in, and when they go out.
class RulesTest {
  private static final String LINE = "a line of a message that is too large for a queue\r\n";

  @TempDir Path directory;

  @Test
  void rulesChangeALargeBodyRefuseAnAttachmentAndHideAField() throws Exception {
    try (var sink = Sink.start();
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "checks.body=['pcre:{ {/^secret/ REPLACE (gone)} }']",
                "--set",
                "checks.body-size-limit=0",
                "--set",
                "checks.attachments=['pcre:{ {/^name:.*\\.exe$/ REJECT no programs} }']",
                "--set",
                "delivery.checks.header=['regexp:{ {/^X-Internal:/ IGNORE} }']",
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port);
        var talk = Talk.to(caravan.smtp)) {
      String head = "Subject: x\r\nX-Seq: one\r\nX-Internal: 1\r\n\r\n" + LINE.repeat(3000);
      assertThat(talk.send("bob@caravan.test", "joe@elsewhere.example", head + "secret\r\n" + LINE))
          .startsWith("250 2.0.0 Ok");

      await().until(() -> sink.arrived.containsKey("one"));
      assertThat(new String(sink.last(), StandardCharsets.US_ASCII))
          .doesNotContain("X-Internal")
          .endsWith("\r\n\r\n" + LINE.repeat(3000) + "(gone)\r\n" + LINE);
      await().until(() -> contentFiles(caravan) == 0);

      assertThat(
              talk.send(
                  "bob@caravan.test",
                  "joe@elsewhere.example",
                  "Subject: x\r\n"
                      + "Content-Disposition: attachment; filename*=utf-8''a%2Eexe\r\n\r\n"
                      + "MZ\r\n"))
          .isEqualTo("550 5.7.1 no programs");
    }
  }

  private static long contentFiles(Server caravan) throws Exception {
    try (var files = Files.walk(caravan.data.resolve("content"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
