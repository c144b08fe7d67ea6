package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits over sessions, with as many of them as it takes.
class ManySessionsTest {
  private static final String TOO_MANY =
      "421 4.7.0 mx.example.org Error: too many connections from ";

  @TempDir Path directory;

  @Test
  void aClientHasOnlySoManySessions() {
    try (var server = new Server(directory, Map.of("connection-count", "2"));
        var first = greeted(server);
        var second = greeted(server);
        var third = server.connect()) {
      assertThat(third.reply()).isEqualTo(TOO_MANY + "127.0.0.1");
      assertThat(third.reply()).isEqualTo("(closed)");

      first.ask("QUIT");
      assertThat(first.reply()).isEqualTo("(closed)");
      await()
          .untilAsserted(
              () -> {
                try (var next = server.connect()) {
                  assertThat(next.reply()).startsWith("220 ");
                }
              });
      assertThat(second.ask("NOOP")).isEqualTo("250 2.0.0 Ok");
    }
  }

  @Test
  void clientsBehindAProxyAreCountedForThemselves() {
    try (var server =
            new Server(directory, Map.of("connection-count", "1", "proxies", "127.0.0.0/8"));
        var first = server.connect();
        var same = server.connect();
        var other = server.connect()) {
      assertThat(first.send(from("192.0.2.7")).reply()).startsWith("220 ");
      assertThat(same.send(from("192.0.2.7")).reply()).isEqualTo(TOO_MANY + "192.0.2.7");
      assertThat(other.send(from("192.0.2.8")).reply()).startsWith("220 ");
    }
  }

  @Test
  void aClientThatXclientSpeaksForIsCountedUntilAnotherTakesItsPlace() {
    try (var server =
            new Server(
                directory,
                Map.of(
                    "connection-count",
                    "1",
                    "proxies",
                    "192.0.2.0/24",
                    "xclient-hosts",
                    "127.0.0.1"));
        var filter = server.connect();
        var another = server.connect()) {
      assertThat(filter.reply()).startsWith("220 ");
      assertThat(another.reply()).as("filters are not counted").startsWith("220 ");
      // it stays one of those who may use XCLIENT
      assertThat(filter.ask("XCLIENT NAME=a.example")).startsWith("220 ");
      assertThat(filter.ask("XCLIENT ADDR=192.0.2.7")).startsWith("220 ");
      assertThat(another.ask("XCLIENT ADDR=192.0.2.7")).isEqualTo(TOO_MANY + "192.0.2.7");
      filter.ask("QUIT");
      await().until(() -> server.sessions.usage().present() == 0);
    }
  }

  @Test
  void connectionsInAMinuteAreLimited() {
    try (var server = new Server(directory, Map.of("connection-rate", "2"))) {
      assertThat(greeting(server)).startsWith("220 ");
      assertThat(greeting(server)).startsWith("220 ");
      assertThat(greeting(server)).isEqualTo(TOO_MANY + "127.0.0.1");
      server.now = server.now.plus(Duration.ofMinutes(1));
      assertThat(greeting(server)).startsWith("220 ");
    }
  }

  @Test
  void theServerIsStressedFromNineTenthsUntilBelowEight() {
    var peers = new ArrayList<Peer>();
    try (var server = new Server(directory, Map.of("session-limit", "10"))) {
      for (int i = 0; i < 8; i++) {
        peers.add(greeted(server));
      }
      assertThat(server.sessions.stressed()).isFalse();
      peers.add(greeted(server));
      assertThat(server.sessions.stressed()).isTrue();
      peers.add(greeted(server));
      assertThat(greeting(server)).isEqualTo("421 4.3.2 All server ports are busy");
      leave(server, peers, 8);
      assertThat(server.sessions.stressed()).as("at eight tenths").isTrue();
      leave(server, peers, 7);
      assertThat(server.sessions.stressed()).isFalse();
      peers.add(greeted(server));
      assertThat(server.sessions.stressed()).isFalse();
    } finally {
      peers.forEach(Peer::close);
    }
  }

  @Test
  void whoIsTurnedAwayTakesNoRoom() {
    try (var server = new Server(directory, Map.of("session-limit", "1"));
        var only = greeted(server)) {
      for (int i = 0; i < 20; i++) {
        assertThat(greeting(server)).startsWith("421 4.3.2 ");
      }
      assertThat(server.sessions.count()).isEqualTo(1);
      assertThat(server.sessions.welcoming()).isFalse();
      only.ask("QUIT");
      await().until(server.sessions::welcoming);
    }
  }

  private static void leave(Server server, List<Peer> peers, int left) {
    while (peers.size() > left) {
      peers.removeLast().close();
    }
    await().until(() -> server.sessions.count() == left);
  }

  private static Peer greeted(Server server) {
    Peer peer = server.connect();
    assertThat(peer.reply()).startsWith("220 ");
    return peer;
  }

  private static String greeting(Server server) {
    try (var peer = server.connect()) {
      return peer.reply();
    }
  }

  private static String from(String address) {
    return "PROXY TCP4 " + address + " 198.51.100.1 40000 25\r\n";
  }
}
