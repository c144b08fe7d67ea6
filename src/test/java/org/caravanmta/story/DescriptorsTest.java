package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that may open no more files, because strangers hold its ports open: it says so once,
/// waits, and takes mail again when there are some.
class DescriptorsTest {
  private static final int LEFT = 30;

  @TempDir Path directory;

  @Test
  void mailIsTakenAgainWhenThereAreDescriptors() throws Exception {
    try (var caravan = Server.start(directory.resolve("var"))) {
      try (var talk = Talk.to(caravan.smtp)) {
        // what a first message opens for good is open before they are counted
        assertThat(talk.send("bob@caravan.test", "alice@caravan.test", "Subject: 1\r\n\r\n"))
            .startsWith("250");
      }
      await().until(() -> caravan.maildir("alice").size() == 1);
      long limit = open(caravan) + LEFT;
      var prlimit =
          new ProcessBuilder("prlimit", "--pid", String.valueOf(caravan.pid()), "--nofile=" + limit)
              .inheritIO()
              .start();
      assertThat(prlimit.waitFor()).isZero();
      List<Socket> held = hold(caravan.smtp, 3 * LEFT);
      await().until(() -> caravan.says("smtp: connections cannot be accepted"));
      // more tries of the listener and of the maildrop, and not a line more
      await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(12))
          .until(() -> said(caravan) == 1);
      assertThat(caravan.lines()).noneMatch(line -> line.startsWith("\tat "));
      assertThat(caravan.lines().stream().filter(line -> line.contains("maildrop cannot be")))
          .hasSizeLessThan(2);
      for (Socket one : held) {
        one.close();
      }
      await()
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                try (var talk = Talk.to(caravan.smtp)) {
                  assertThat(talk.send("bob@caravan.test", "alice@caravan.test", "S: 2\r\n\r\n"))
                      .startsWith("250");
                }
              });
      await().until(() -> caravan.maildir("alice").size() >= 2);
    }
  }

  private static long said(Server caravan) {
    return caravan.lines().stream().filter(line -> line.contains("cannot be accepted")).count();
  }

  private static long open(Server caravan) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + caravan.pid() + "/fd"))) {
      return files.count();
    }
  }

  /// Connections that are made, be they greeted or not.
  private static List<Socket> hold(int port, int number) throws IOException {
    var held = new ArrayList<Socket>();
    for (int i = 0; i < number; i++) {
      var socket = new Socket();
      try {
        socket.connect(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
        held.add(socket);
      } catch (SocketTimeoutException e) {
        socket.close();
        break;
      }
    }
    return held;
  }
}
