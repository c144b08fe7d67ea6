package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that each keep within their limits hold, together, more than the heap has: the server
/// goes on, and so does other clients' mail.
class SmallHeapTest {
  private static final List<String> ENVELOPE =
      List.of("EHLO x\r\n", "MAIL FROM:<a@b.example>\r\n", "RCPT TO:<alice@caravan.test>\r\n");
  private static final String HEADER = ("X: " + "h".repeat(995) + "\r\n").repeat(126);
  private static final String BODY = "Subject: x\r\n\r\n" + "line\r\n".repeat(10_000);
  private static final int CHUNKS = 60;

  @TempDir Path directory;
  private final List<SocketChannel> held = new ArrayList<>();

  @Test
  void moreThanTheHeapHasIsPutOffAndMailGoesOn() throws Exception {
    try (var caravan =
        Server.on(
            Ports.free(),
            Ports.free(),
            directory.resolve("var"),
            "-Xmx96m",
            "--set",
            "smtp.recipient-limit=500")) {
      int port = caravan.smtp;
      assertThat(send(port)).as("before").startsWith("250 ");

      hold(port, 600, HEADER);
      assertThat(send(port)).as("beside header sections without end").startsWith("250 ");
      hold(port, 200, BODY);
      assertThat(send(port)).as("beside bodies without end").startsWith("250 ");
      hold(port, 20, recipients());
      assertThat(send(port)).as("beside long lists of recipients").startsWith("250 ");
      hold(port, 100, ("BDAT 1000\r\n" + HEADER.substring(0, 1000)).repeat(CHUNKS));
      assertThat(send(port)).as("beside chunks, and replies unread").startsWith("250 ");

      assertThat(caravan.alive()).isTrue();
      assertThat(caravan.lines())
          .noneMatch(line -> line.contains("OutOfMemory") || line.contains("ERROR"))
          .anyMatch(line -> line.contains("limits.memory.sessions"));
      await().until(() -> caravan.maildir("alice").size() == 5);

      for (SocketChannel each : held) {
        each.close();
      }
      await().until(() -> caravan.ask("metrics").contains("caravan_sessions_memory_bytes 0.0"));
    }
  }

  private static String send(int port) throws IOException {
    try (var talk = Talk.to(port)) {
      return talk.send("a@b.example", "alice@caravan.test", "Subject: small\r\n\r\nbody\r\n");
    }
  }

  private static String recipients() {
    var lines = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      lines.append("RCPT TO:<").append("u".repeat(800)).append(i).append("@elsewhere.example> ");
      lines.append("ORCPT=rfc822;").append("o".repeat(480)).append("\r\n");
    }
    return lines.toString();
  }

  /// Sends and neither reads nor ends, each on a connection of its own; what a connection does not
  /// take at once is left away.
  private void hold(int port, int sessions, String text) throws IOException {
    var commands = new ArrayList<>(ENVELOPE);
    if (!text.startsWith("RCPT") && !text.startsWith("BDAT")) {
      commands.add("DATA\r\n");
    }
    var reply = ByteBuffer.allocate(2000);
    for (int i = 0; i < sessions; i++) {
      var channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      held.add(channel);
      channel.read(reply.clear());
      for (String command : commands) {
        channel.write(ByteBuffer.wrap(command.getBytes(US_ASCII)));
        channel.read(reply.clear());
      }
      channel.configureBlocking(false);
      var bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
      while (bytes.hasRemaining() && channel.write(bytes) > 0) {
        Thread.onSpinWait();
      }
    }
  }
}
