package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Acceptor;
import org.caravanmta.filter.milter.ScriptedMilter;

/// A milter that passes everything, but answers about no message until the test lets it, and counts
/// how many it has before it at a time.
final class HoldingMilter implements Closeable {
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Semaphore answers = new Semaphore(0);
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger sessions = new AtomicInteger();
  private volatile boolean failing;

  HoldingMilter() throws IOException {
    server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Acceptor.start(server, this::serve);
  }

  /// The step of a route.
  String step() {
    return "- bean: { ref: \"milter inet:127.0.0.1:" + server.getLocalPort() + "\" }\n";
  }

  /// How many messages wait for its answer at this moment.
  int atOnce() {
    return atOnce.get();
  }

  /// The most that have waited at a time.
  int most() {
    return most.get();
  }

  /// About how many messages it has answered.
  int answered() {
    return answered.get();
  }

  /// How many connections it has had.
  int sessions() {
    return sessions.get();
  }

  /// Lets it answer about so many messages.
  void answer(int messages) {
    answers.release(messages);
  }

  /// Whether it breaks off every session from now on.
  void fail(boolean fails) {
    failing = fails;
  }

  private void serve(Socket accepted) {
    open.add(accepted);
    sessions.incrementAndGet();
    try (Socket socket = accepted) {
      if (failing) {
        return;
      }
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = socket.getOutputStream();
      while (true) {
        int length = in.readInt();
        char letter = (char) in.readUnsignedByte();
        in.skipNBytes(length - 1);
        switch (letter) {
          case 'O' ->
              out.write(
                  ScriptedMilter.packet(
                      'O', ByteBuffer.allocate(12).putInt(6).putInt(0).putInt(0).array()));
          case 'D', 'A' -> {
            // not answered
          }
          case 'Q' -> {
            return;
          }
          case 'E' -> hold(out);
          default -> out.write(ScriptedMilter.packet('c'));
        }
      }
    } catch (IOException | InterruptedException e) {
      // the test is over
    } finally {
      open.remove(accepted);
    }
  }

  private void hold(OutputStream out) throws IOException, InterruptedException {
    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    answers.acquire();
    // before the answer: after it the next may come on another connection
    atOnce.decrementAndGet();
    answered.incrementAndGet();
    out.write(ScriptedMilter.packet('c'));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
