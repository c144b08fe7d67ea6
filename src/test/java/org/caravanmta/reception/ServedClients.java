package org.caravanmta.reception;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// Servers and clients of one test, which are closed at its end.
abstract class ServedClients {
  @TempDir Path directory;

  final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  Server server(Map<String, String> changes) {
    var server = new Server(directory.resolve("content"), changes);
    open.add(server);
    return server;
  }

  Peer connect(Server server) {
    Peer peer = server.connect();
    open.add(peer);
    return peer;
  }

  static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
