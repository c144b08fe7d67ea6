package org.caravanmta.filter.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A server of a test's own that is asked something and answers with what the test says, whatever
/// it was asked; then it closes, or keeps silent.
public final class RudeServer implements Closeable {
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final byte[] answer;
  private final int after;
  private final boolean closes;

  /// @param answer sent when at least `after` bytes have come
  public RudeServer(String answer, int after, boolean closes) throws IOException {
    this(0, answer, after, closes);
  }

  /// @param port where it is
  public RudeServer(int port, String answer, int after, boolean closes) throws IOException {
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    this.after = after;
    this.closes = closes;
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  public FilterAddress address() {
    return FilterAddress.parse("inet:127.0.0.1:" + server.getLocalPort());
  }

  public int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try {
      byte[] block = new byte[8192];
      int seen = 0;
      while (seen < after) {
        int count = socket.getInputStream().read(block);
        if (count < 0) {
          break;
        }
        seen += count;
      }
      socket.getOutputStream().write(answer);
      socket.getOutputStream().flush();
      if (closes) {
        socket.shutdownOutput();
      }
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the client has given up
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
