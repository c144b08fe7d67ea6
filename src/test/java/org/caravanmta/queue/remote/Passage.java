package org.caravanmta.queue.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way to a broker, which a test stalls, closes and opens again.
public final class Passage implements AutoCloseable {
  private final int target;
  private final InetSocketAddress address;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private boolean stalled;
  private boolean deaf;
  private ServerSocket server;

  /// @param target the broker's port at 127.0.0.1
  public Passage(int target) throws IOException {
    this.target = target;
    this.server = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.address = (InetSocketAddress) server.getLocalSocketAddress();
  }

  public String url() {
    return "tcp://127.0.0.1:" + address.getPort();
  }

  /// The broker's port.
  public int target() {
    return target;
  }

  /// Connections stay open, and nothing passes, as when the machine behind it hangs.
  public void stall() {
    set(true, false);
  }

  /// What the broker says does not come back; what is said to it gets there.
  public void deafen() {
    set(false, true);
  }

  /// Everything passes again.
  public void flow() {
    set(false, false);
  }

  /// Ends all connections, and takes new ones.
  public void cut() {
    for (Socket socket : sockets) {
      close(socket);
    }
  }

  /// Ends all connections, and refuses new ones.
  public void shut() throws IOException {
    server.close();
    cut();
  }

  /// Takes connections again.
  public void reopen() throws IOException {
    flow();
    server = listen(address);
  }

  @Override
  public void close() throws IOException {
    shut();
    flow();
  }

  private void set(boolean all, boolean back) {
    lock.lock();
    try {
      stalled = all;
      deaf = back;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private ServerSocket listen(InetSocketAddress where) throws IOException {
    var listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(where);
    Thread.ofVirtual().start(() -> accept(listening));
    return listening;
  }

  private void accept(ServerSocket listening) {
    try {
      while (true) {
        Socket client = listening.accept();
        var broker = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(broker);
        Thread.ofVirtual().start(() -> pass(client, broker, false));
        Thread.ofVirtual().start(() -> pass(broker, client, true));
        if (listening.isClosed()) {
          cut();
        }
      }
    } catch (IOException e) {
      // shut, or the broker is away
    }
  }

  private void pass(Socket from, Socket to, boolean back) {
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      var buffer = new byte[1 << 16];
      int read;
      while ((read = in.read(buffer)) >= 0) {
        awaitFlow(back);
        out.write(buffer, 0, read);
      }
    } catch (IOException | InterruptedException e) {
      // cut
    } finally {
      close(from);
      close(to);
    }
  }

  private void awaitFlow(boolean back) throws InterruptedException {
    lock.lock();
    try {
      while (stalled || (back && deaf)) {
        change.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // it was
    }
  }
}
