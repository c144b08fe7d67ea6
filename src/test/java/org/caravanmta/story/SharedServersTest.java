package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many domains have the same servers, which take few connections at a time from all of them
/// together.
class SharedServersTest {
  private static final int DOMAINS = 40;

  private static final int MESSAGES = 3 * DOMAINS;

  @TempDir Path directory;

  @Test
  void serversOfManyDomainsHaveNoMoreConnectionsThanTheRuleSaysAndOtherMailGoesOn()
      throws Exception {
    var zone = new StringBuilder("mx.provider.example. A 127.0.0.1\nmx.elsewhere A 127.0.0.2\n");
    IntStream.range(0, DOMAINS)
        .forEach(i -> zone.append("d" + i + " MX 10 mx.provider.example.\n"));
    zone.append("elsewhere MX 10 mx.elsewhere\n");
    Path rules =
        Files.writeString(directory.resolve("shaping"), "mx:*.provider.example connections=2\n");
    try (var dns = ZoneServer.start(zone.toString(), "example.");
        var provider = new BlockedServer();
        var elsewhere = TestServer.start(new InetSocketAddress("127.0.0.2", provider.port()));
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "dns.servers=['" + dns.address() + "']",
                "--set",
                "delivery.port=" + provider.port(),
                "--set",
                "delivery.scheduling.shaping=['" + rules + "']")) {
      for (int i = 0; i < MESSAGES; i++) {
        send(caravan, "user" + i + "@d" + i % DOMAINS + ".example");
      }
      await().until(() -> provider.blocked() == 2);
      send(caravan, "joe@elsewhere.example");
      await().atMost(Duration.ofSeconds(90)).until(() -> elsewhere.received().size() == 1);
      assertThat(provider.blocked()).isEqualTo(2);
      assertThat(provider.taken()).isEmpty();

      provider.release();
      await().atMost(Duration.ofSeconds(60)).until(() -> provider.taken().size() >= MESSAGES);
      assertThat(new HashSet<>(provider.taken())).hasSize(MESSAGES);
      assertThat(provider.taken()).hasSize(MESSAGES);
      assertThat(provider.most()).isEqualTo(2);
      assertThat(caravan.says("status=deferred")).isFalse();
    }
  }

  private static void send(Server caravan, String to) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.send("ann@caravan.test", to, "Subject: hello\r\n\r\nhi\r\n"))
          .startsWith("250 ");
    }
  }
}
