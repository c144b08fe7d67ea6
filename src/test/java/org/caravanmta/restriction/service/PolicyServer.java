package org.caravanmta.restriction.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A real policy server for tests that answers each question with the next line of its script.
public final class PolicyServer implements AutoCloseable {
  /// At the end of an answer: and then closes the connection.
  public static final String CLOSE = "\0";

  /// Instead of an answer: none.
  public static final String SILENCE = "\1";

  private final ServerSocketChannel listening;
  private final UnaryOperator<String> answers;
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private PolicyServer(ServerSocketChannel listening, UnaryOperator<String> answers) {
    this.listening = listening;
    this.answers = answers;
    Thread.ofVirtual().start(this::accept);
  }

  public static PolicyServer start(String... script) throws IOException {
    return on(tcp(), script);
  }

  /// One that answers by what it is asked.
  public static PolicyServer answering(UnaryOperator<String> answers) throws IOException {
    return new PolicyServer(tcp(), answers);
  }

  static PolicyServer on(ServerSocketChannel listening, String... script) {
    var lines = new ConcurrentLinkedQueue<>(List.of(script));
    return new PolicyServer(
        listening,
        _ -> {
          String next = lines.poll();
          return next == null ? CLOSE : next;
        });
  }

  private static ServerSocketChannel tcp() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  public int port() {
    try {
      return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public int connections() {
    return connections.get();
  }

  public List<String> questions() {
    return questions;
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel connection = listening.accept();
        open.add(connection);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        var in =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(connection), StandardCharsets.UTF_8))) {
      var question = new StringBuilder();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isEmpty()) {
          question.append(line).append('\n');
          continue;
        }
        questions.add(question.toString());
        String answer = answers.apply(question.toString());
        question.setLength(0);
        if (!answer.equals(SILENCE)) {
          String said = answer.replace(CLOSE, "");
          Channels.newOutputStream(connection).write(said.getBytes(StandardCharsets.ISO_8859_1));
        }
        if (answer.endsWith(CLOSE)) {
          return;
        }
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel connection : open) {
      connection.close();
    }
  }
}
