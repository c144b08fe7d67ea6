package org.caravanmta.cluster.lock;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.cluster.HostPort;

/// A network between a client and one peer that may be cut, when connections end and none is made,
/// or stalled, when what is sent arrives only once it is let go.
final class FaultyLink implements AutoCloseable {
  private final HostPort peer;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moves = lock.newCondition();
  private boolean stalled;
  private volatile boolean cut;

  FaultyLink(HostPort peer) throws IOException {
    this.peer = peer;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("link").start(this::accept);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", listening.getLocalPort());
  }

  void cut() throws IOException {
    cut = true;
    end();
    letGo();
  }

  void stall() {
    stalled(true);
  }

  /// Lets what was sent through, and connections be made.
  void heal() {
    cut = false;
    stalled(false);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    end();
    letGo();
  }

  private void letGo() {
    stalled(false);
  }

  private void stalled(boolean now) {
    lock.lock();
    try {
      stalled = now;
      moves.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() throws IOException {
    for (Socket each : open) {
      each.close();
    }
    open.clear();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (cut) {
          client.close();
          continue;
        }
        var server = new Socket();
        server.connect(new InetSocketAddress(peer.host(), peer.port()), 1000);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server));
        Thread.ofVirtual().start(() -> copy(server, client));
      } catch (IOException e) {
        continue;
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var bytes = new byte[8192];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        pass();
        out.write(bytes, 0, count);
      }
    } catch (IOException | UncheckedIOException e) {
      // the other side is closed by the end of this
    }
  }

  private void pass() {
    lock.lock();
    try {
      while (stalled) {
        moves.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
