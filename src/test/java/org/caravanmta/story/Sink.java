package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.caravanmta.Acceptor;
import org.jspecify.annotations.Nullable;

/// A mail server that takes every message and counts how often each came, by its field `X-Seq`.
public final class Sink implements AutoCloseable {
  private static final Pattern SEQUENCE = Pattern.compile("(?m)^X-Seq: (\\S+)\r?$");

  public final int port;
  final Map<String, AtomicInteger> arrived = new ConcurrentHashMap<>();
  public final LongAdder messages = new LongAdder();

  /// The reply to RCPT TO; `250 2.1.5 Ok` unless a story says otherwise.
  private volatile String hello = "";

  volatile String rcptReply = "250 2.1.5 Ok";

  /// What the reply to the end of a message waits for; nothing unless a story says otherwise.
  volatile CountDownLatch willing = new CountDownLatch(0);

  /// How many wait for it.
  final AtomicInteger waiting = new AtomicInteger();

  /// A body that every message must have; those of other bodies are in {@link #changed}.
  volatile @Nullable String expected;

  final Queue<String> changed = new ConcurrentLinkedQueue<>();

  private final ServerSocket server;
  private volatile byte[] last = {};

  private Sink(ServerSocket server) {
    this.server = server;
    this.port = server.getLocalPort();
  }

  public static Sink start() throws IOException {
    return start(0);
  }

  public static Sink start(int port) throws IOException {
    return start(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  static Sink start(java.net.InetSocketAddress at) throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(at, 200);
    var sink = new Sink(server);
    Acceptor.start(sink.server, sink::serve);
    return sink;
  }

  /// The newest line of EHLO.
  String hello() {
    return hello;
  }

  /// The newest message, byte for byte with its dots unstuffed.
  byte[] last() {
    return last;
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      OutputStream out = socket.getOutputStream();
      reply(out, "220 sink.example ESMTP");
      for (String line = line(in); line != null; line = line(in)) {
        String verb = line.split("[ :]", 2)[0].toUpperCase(java.util.Locale.ROOT);
        switch (verb) {
          case "EHLO" -> {
            hello = line;
            reply(out, "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME");
          }
          case "RCPT" -> reply(out, rcptReply);
          case "DATA" -> {
            reply(out, "354 go");
            take(message(in));
            waiting.incrementAndGet();
            awaitWill();
            waiting.decrementAndGet();
            reply(out, "250 2.0.0 Ok");
          }
          case "QUIT" -> {
            reply(out, "221 bye");
            return;
          }
          default -> reply(out, "250 2.0.0 Ok");
        }
      }
    } catch (IOException e) {
      // the client went away: what it had not finished was not taken
    }
  }

  private void awaitWill() throws IOException {
    try {
      willing.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void take(byte[] message) {
    String head = new String(message, 0, Math.min(message.length, 2000), StandardCharsets.UTF_8);
    var sequence = SEQUENCE.matcher(head);
    if (sequence.find()) {
      String body = expected;
      if (body != null && !isWith(body, message)) {
        changed.add(sequence.group(1));
      }
      arrived.computeIfAbsent(sequence.group(1), s -> new AtomicInteger()).incrementAndGet();
    }
    last = message;
    messages.increment();
  }

  private static boolean isWith(String body, byte[] message) {
    return new String(message, StandardCharsets.UTF_8).endsWith("\r\n\r\n" + body);
  }

  private static void reply(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static @Nullable String line(InputStream in) throws IOException {
    byte[] line = bytes(in);
    return line.length == 0 ? null : new String(line, StandardCharsets.UTF_8).strip();
  }

  private static byte[] message(InputStream in) throws IOException {
    var message = new ByteArrayOutputStream();
    while (true) {
      byte[] line = bytes(in);
      if (line.length == 0) {
        throw new IOException("the message has no end");
      }
      if (line[0] == '.') {
        if (line.length == 3) {
          return message.toByteArray();
        }
        message.write(line, 1, line.length - 1);
      } else {
        message.write(line, 0, line.length);
      }
    }
  }

  private static byte[] bytes(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream(100);
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.write(c);
      if (c == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
