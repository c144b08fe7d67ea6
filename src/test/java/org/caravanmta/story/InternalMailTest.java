package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail that Caravan makes itself, reports and what is forwarded, is neither checked nor copied
/// (postfix `internal_mail_filter_classes`, `ADDRESS_REWRITING_README`).
class InternalMailTest {
  @TempDir Path directory;

  @Test
  void rulesAndCopiesAreForWhatComesIn() throws Exception {
    try (var sink = Sink.start();
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "checks.header=['regexp:{ {/^(Auto-Submitted|Delivered-To):/ REJECT not from you}"
                    + " }']",
                "--set",
                "local.aliases=['inline:{sales=joe@elsewhere.example, gone=\\nobody}']",
                "--set",
                "rewriting.always-bcc=bob@caravan.test",
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port);
        var talk = Talk.to(caravan.smtp)) {
      assertThat(
              talk.send(
                  "alice@caravan.test",
                  "sales@caravan.test",
                  "Auto-Submitted: auto-replied\r\n\r\nx\r\n"))
          .isEqualTo("550 5.7.1 not from you");

      // forwarded with a Delivered-To of its own, and with no second copy
      assertThat(talk.send("alice@caravan.test", "sales@caravan.test", "X-Seq: one\r\n\r\nx\r\n"))
          .startsWith("250 2.0.0 Ok");
      await().until(() -> sink.arrived.containsKey("one"));
      assertThat(new String(sink.last(), java.nio.charset.StandardCharsets.US_ASCII))
          .contains("Delivered-To: sales@caravan.test");
      await().until(() -> caravan.maildir("bob").size() == 1);

      // a report, which says that it is one
      assertThat(talk.send("alice@caravan.test", "gone@caravan.test", "Subject: x\r\n\r\nx\r\n"))
          .startsWith("250 2.0.0 Ok");
      await().until(() -> caravan.maildir("alice").size() == 1);
      assertThat(Files.readString(caravan.maildir("alice").getFirst()))
          .contains("\nAuto-Submitted: auto-replied")
          .contains("unknown user");
      await().until(() -> caravan.maildir("bob").size() == 2);
    }
  }
}
