package org.caravanmta.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A way to a server that can be cut, or stopped so that connections are taken and nothing is ever
/// answered: a port whose connections go on to another one until this is closed.
public final class Detour implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Object turn = new Object();
  private boolean stopped;

  public Detour(int port, int to) throws IOException {
    listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> accept(to));
  }

  public int port() {
    return listening.getLocalPort();
  }

  /// From now on nothing passes, and nobody is told.
  public void stop() {
    synchronized (turn) {
      stopped = true;
    }
  }

  /// All passes again, also what was held up.
  public void go() {
    synchronized (turn) {
      stopped = false;
      turn.notifyAll();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
    go();
  }

  private void accept(int to) {
    try {
      while (true) {
        Socket client = listening.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), to);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> pump(client, server));
        Thread.ofVirtual().start(() -> pump(server, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        await();
        out.write(some, 0, read);
      }
    } catch (IOException e) {
      // one side has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() throws InterruptedException {
    synchronized (turn) {
      while (stopped) {
        turn.wait();
      }
    }
  }
}
