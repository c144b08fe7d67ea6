package org.caravanmta.delivery.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// A server that hangs at one step of its first session, after one byte of its answer, or without
/// reading the content; and takes what comes in later sessions.
final class HangingSink implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
  private final CountDownLatch ended = new CountDownLatch(1);
  private final String step;
  private volatile boolean hung;
  private volatile int taken;

  /// @param step `greeting`, `starttls` for the handshake, `content`, `end_of_data`, or a verb
  HangingSink(String step) throws IOException {
    this.step = step;
    Thread.ofVirtual().start(this::serve);
  }

  String nextHop() {
    return "[127.0.0.1]:" + listener.getLocalPort();
  }

  /// Messages that were taken with a 250.
  int taken() {
    return taken;
  }

  private void serve() {
    boolean hangs = true;
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        converse(socket, hangs);
      } catch (IOException e) {
        // the client has gone
      }
      hangs = !hung;
    }
  }

  private void converse(Socket socket, boolean hangs) throws IOException {
    if (hangs) {
      socket.setReceiveBufferSize(4096);
    }
    OutputStream out = socket.getOutputStream();
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    say(out, hangs, "greeting", "220 sink");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String verb = line.split("[ :]", 2)[0].toLowerCase(Locale.ROOT);
      switch (verb) {
        case "ehlo" ->
            say(
                out,
                hangs,
                verb,
                step.equals("starttls") && hangs ? "250-sink\r\n250 STARTTLS" : "250 sink");
        case "starttls" -> {
          say(out, false, "", "220 go ahead");
          say(out, hangs, verb, "");
        }
        case "data" -> {
          say(out, hangs, verb, "354 go ahead");
          if (hangs && step.equals("content")) {
            hang();
          }
          for (String text = in.readLine(); !".".equals(text); text = in.readLine()) {
            if (text == null) {
              return;
            }
          }
          say(out, hangs, "end_of_data", "250 2.0.0 taken");
          taken++;
        }
        case "quit" -> {
          return;
        }
        default -> say(out, hangs, verb, "250 2.0.0 Ok");
      }
    }
  }

  private void say(OutputStream out, boolean hangs, String now, String reply) throws IOException {
    if (hangs && step.equals(now)) {
      out.write(step.equals("starttls") ? 0x16 : '2');
      out.flush();
      hang();
    }
    out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void hang() throws IOException {
    hung = true;
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    throw new IOException("it has hung long enough");
  }

  /// Ends what hangs, and takes other sessions.
  void goOn() {
    ended.countDown();
  }

  boolean hangs() {
    return hung;
  }

  @Override
  public void close() throws IOException {
    goOn();
    listener.close();
  }
}
