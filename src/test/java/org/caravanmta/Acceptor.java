package org.caravanmta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/// Takes the connections of a test's server, each on a thread of its own, until its socket is
/// closed.
public final class Acceptor {
  private Acceptor() {}

  /// Returns at once.
  public static void start(ServerSocket server, Consumer<Socket> serve) {
    Thread.ofVirtual().name("accepts at " + server.getLocalPort()).start(() -> run(server, serve));
  }

  private static void run(ServerSocket server, Consumer<Socket> serve) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve.accept(socket));
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
