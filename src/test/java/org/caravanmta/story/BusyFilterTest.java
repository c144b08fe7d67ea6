package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A content filter that has as much as it may have, or is suspended: its mail waits in queues, and
/// keeps no other filter's waiting.
class BusyFilterTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /// More than are in memory at a time.
  private static final int MANY = 530;

  @TempDir Path directory;

  @Test
  void mailForAFilterWhoseGroupIsFullWaitsInAQueueAndAnotherFilterGetsItsMail() throws Exception {
    Path rules = Files.writeString(directory.resolve("shaping"), "mx:127.0.0.1 connections=2\n");
    try (var filter = new BlockedServer();
        var other = Sink.start(new InetSocketAddress("127.0.0.2", Ports.free()));
        var caravan =
            start(
                "routing.content-filter=smtp:[127.0.0.1]:" + filter.port(),
                "checks.header=['pcre:{ {/^X-Other:/ FILTER smtp:[127.0.0.2]:"
                    + other.port
                    + "} }']",
                "delivery.scheduling.shaping=['" + rules + "']")) {
      send(caravan, MANY, "");
      await().atMost(LONG).until(() -> filter.blocked() == 2);
      send(caravan, 1, "X-Other: 1\r\n");
      await().atMost(LONG).until(() -> other.messages.sum() == 1);
      assertThat(filter.blocked()).isEqualTo(2);
      assertThat(caravan.ask("queue", "destinations"))
          .contains("2 of 2 connections with mx:127.0.0.1 in use");

      filter.release();
      await().atMost(LONG).until(() -> filter.taken().size() >= MANY);
      assertThat(new HashSet<>(filter.taken())).hasSize(MANY);
      assertThat(filter.taken()).hasSize(MANY);
      assertThat(filter.most()).isEqualTo(2);
      assertThat(caravan.says("status=deferred")).isFalse();
    }
  }

  /// A filter that is spoken to by SMTP is not the transport `smtp`, and it is suspended by the
  /// name that lists of destinations have for it.
  @Test
  void aFilterIsSuspendedByItsOwnNameAndNotByThatOfTheTransportThatSpeaksAsItDoes()
      throws Exception {
    try (var filter = Sink.start();
        var caravan = start("routing.content-filter=smtp:[127.0.0.1]:" + filter.port)) {
      String name = "smtp:[127.0.0.1]:" + filter.port;
      caravan.ask("queue", "suspend", "--transport", "smtp");
      send(caravan, 1, "");
      await().atMost(LONG).until(() -> filter.messages.sum() == 1);

      caravan.ask("queue", "suspend", "--next-hop", name);
      assertThat(caravan.ask("queue", "suspensions")).contains("next-hop " + name);
      send(caravan, 1, "");
      await()
          .atMost(LONG)
          .until(() -> caravan.says("delivery to next-hop " + name + " suspended by "));
      assertThat(caravan.ask("queue", "resume", "--next-hop", name))
          .contains("1 message tried now");
      await().atMost(LONG).until(() -> filter.messages.sum() == 2);
    }
  }

  private Server start(String... settings) throws Exception {
    var options = new ArrayList<String>();
    for (String setting : settings) {
      options.add("--set");
      options.add(setting);
    }
    return Server.start(directory.resolve("var"), options.toArray(String[]::new));
  }

  private static void send(Server caravan, int count, String field) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      for (int i = 0; i < count; i++) {
        assertThat(
                talk.send(
                    "ann@caravan.test",
                    "u" + i + "@far.example",
                    field + "Subject: x\r\n\r\nx\r\n"))
            .startsWith("250 ");
      }
    }
  }
}
