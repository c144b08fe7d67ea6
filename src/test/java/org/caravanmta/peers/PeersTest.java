package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.story.Server;
import org.caravanmta.story.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that others wrote, from Debian's packages: swaks, curl and Postfix's own load generator.
class PeersTest {
  private static final int MESSAGES = Integer.getInteger("caravan.messages", 5_000);

  @TempDir Path directory;

  @Test
  void smtpSourceAtFiftySessionsLosesAndDoublesNothing() throws Exception {
    String source = installed("smtp-source", "postfix");
    try (var sink = Sink.start();
        var caravan =
            Server.start(
                directory.resolve("var"), "--set", "delivery.relayhost=[127.0.0.1]:" + sink.port)) {
      run(
          source,
          "-s",
          "50",
          "-m",
          String.valueOf(MESSAGES),
          "-l",
          "4096",
          "-f",
          "load@caravan.test",
          "-t",
          "joe@elsewhere.example",
          "127.0.0.1:" + caravan.smtp);

      await()
          .atMost(Duration.ofSeconds(120))
          .untilAsserted(() -> assertThat(sent(caravan)).hasSize(MESSAGES));
      assertThat(sink.messages.sum()).isEqualTo(MESSAGES);
      assertThat(queued(caravan)).isEqualTo(sent(caravan));
    }
  }

  @Test
  void swaksAndCurlDeliverToAMaildir() throws Exception {
    String swaks = installed("swaks", "swaks");
    String curl = installed("curl", "curl");
    Path mail =
        Files.writeString(
            directory.resolve("mail.eml"),
            "From: bob@caravan.test\r\nSubject: by curl\r\n\r\nhello\r\n");
    try (var caravan = Server.start(directory.resolve("var"))) {
      run(
          swaks,
          "--server",
          "127.0.0.1",
          "--port",
          String.valueOf(caravan.smtp),
          "--from",
          "bob@caravan.test",
          "--to",
          "alice@caravan.test",
          "--header",
          "Subject: by swaks");
      run(
          curl,
          "-sS",
          "smtp://127.0.0.1:" + caravan.submission,
          "--mail-from",
          "bob@caravan.test",
          "--mail-rcpt",
          "alice@caravan.test",
          "-T",
          mail.toString());

      await().until(() -> caravan.maildir("alice").size() == 2);
      String both =
          Files.readString(caravan.maildir("alice").get(0))
              + Files.readString(caravan.maildir("alice").get(1));
      assertThat(both).contains("Subject: by swaks").contains("Subject: by curl");
    }
  }

  private static Set<String> sent(Server caravan) {
    return ids(caravan, "status=sent");
  }

  private static Set<String> queued(Server caravan) {
    return ids(caravan, " nrcpt=1");
  }

  private static Set<String> ids(Server caravan, String text) {
    return caravan.lines().stream()
        .filter(line -> line.contains(text))
        .map(line -> line.replaceFirst("^.*?([0-9A-Za-z]{16}): .*$", "$1"))
        .collect(Collectors.toSet());
  }
}
