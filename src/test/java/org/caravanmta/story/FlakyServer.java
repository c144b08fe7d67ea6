package org.caravanmta.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.caravanmta.Acceptor;

/// A mail server that fails at random, at each command: 4yz, a dropped connection, silence for a
/// while. Recipients whose name begins with `no` are refused for good, and no others are.
final class FlakyServer implements AutoCloseable {
  private static final long SILENCE_NANOS = 200_000_000;

  /// How often it has said 250 to the end of a message, by recipient.
  final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();

  /// How often it has dropped a connection instead of an answer.
  final AtomicInteger dropped = new AtomicInteger();

  private final ServerSocket server;
  private final Random random;

  /// Failures in a thousand commands; 0 once all is to go well.
  private volatile int failures;

  private FlakyServer(ServerSocket server, int failures, long seed) {
    this.server = server;
    this.failures = failures;
    this.random = new Random(seed);
  }

  static FlakyServer start(int failures, long seed) throws IOException {
    var flaky =
        new FlakyServer(
            new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1")), failures, seed);
    Acceptor.start(flaky.server, flaky::serve);
    return flaky;
  }

  int port() {
    return server.getLocalPort();
  }

  void behave() {
    failures = 0;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      answer(out, "220 flaky.example ESMTP");
      var recipients = new ArrayList<String>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" -> say(out, "250-flaky.example\r\n250-PIPELINING\r\n250 8BITMIME");
          case "MAIL" -> {
            recipients.clear();
            say(out, "250 2.1.0 Ok");
          }
          case "RCPT" -> {
            String to = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
            if (to.startsWith("no")) {
              say(out, "550 5.1.1 no such user");
            } else if (answer(out, "250 2.1.5 Ok")) {
              recipients.add(to);
            }
          }
          case "DATA" -> data(in, out, recipients);
          case "QUIT" -> {
            say(out, "221 bye");
            return;
          }
          default -> say(out, "250 2.0.0 Ok");
        }
      }
    } catch (IOException e) {
      // one of us has gone: what was not answered was not taken
    }
  }

  private void data(BufferedReader in, OutputStream out, List<String> recipients)
      throws IOException {
    if (recipients.isEmpty()) {
      say(out, "554 5.5.1 no valid recipients");
      return;
    }
    if (!answer(out, "354 go")) {
      return;
    }
    String line = in.readLine();
    while (line != null && !line.equals(".")) {
      line = in.readLine();
    }
    if (line != null && answer(out, "250 2.0.0 Ok")) {
      recipients.forEach(
          to -> taken.computeIfAbsent(to, _ -> new AtomicInteger()).incrementAndGet());
    }
  }

  /// Whether the reply was the good one.
  private boolean answer(OutputStream out, String good) throws IOException {
    int fate = random.nextInt(1000);
    if (fate < failures / 10) {
      dropped.incrementAndGet();
      throw new IOException("dropped");
    }
    if (fate < failures / 5) {
      LockSupport.parkNanos(SILENCE_NANOS);
    } else if (fate < failures) {
      say(out, "451 4.3.0 later");
      return false;
    }
    say(out, good);
    return true;
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
