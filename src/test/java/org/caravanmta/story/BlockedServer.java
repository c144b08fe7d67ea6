package org.caravanmta.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Ports;

/// A server that answers to no end of data until it is released, and counts its connections.
final class BlockedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final CountDownLatch released = new CountDownLatch(1);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger blocked = new AtomicInteger();
  private final List<String> taken = new CopyOnWriteArrayList<>();

  BlockedServer() throws IOException {
    listener = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
    Thread.startVirtualThread(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// How many connections wait for the answer to the end of data.
  int blocked() {
    return blocked.get();
  }

  /// The most connections that callers had open at a time, by what the kernel says whenever one
  /// comes: a thread of ours may hear late that another has gone.
  int most() {
    return most.get();
  }

  /// The recipients of what was taken.
  List<String> taken() {
    return List.copyOf(taken);
  }

  /// Lets all messages in, those to come too.
  void release() {
    released.countDown();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        most.accumulateAndGet(Ports.connections(port()), Math::max);
        Thread.startVirtualThread(() -> talk(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void talk(Socket socket) {
    try (socket;
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      OutputStream out = socket.getOutputStream();
      say(out, "220 mx.test ESMTP");
      String recipient = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("RCPT TO:")) {
          recipient = line;
        }
        if (line.equals("DATA")) {
          say(out, "354 go ahead");
          content(in);
          taken.add(recipient);
        } else if (line.equals("QUIT")) {
          say(out, "221 2.0.0 Bye");
          return;
        }
        say(out, "250 2.0.0 Ok");
      }
    } catch (IOException e) {
      // the client has gone
    } finally {
      open.remove(socket);
    }
  }

  private void content(BufferedReader in) throws IOException {
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {}
    blocked.incrementAndGet();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      blocked.decrementAndGet();
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    release();
    listener.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
