package org.caravanmta.port;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A port whose connections each have a virtual thread. It listens from its construction until
/// {@link #close}.
public final class OpenPort implements AutoCloseable {
  /// What is done with a connection, which is closed when this returns.
  @FunctionalInterface
  public interface Service {
    /// @param spoken to be run when the other side has said what it wants
    void serve(Socket connection, Runnable spoken);
  }

  private final String name;
  private final ServerSocket listener;
  private final Service service;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Callers<Socket> callers;
  private final AcceptFailures failures;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread listening;

  /// @param name as lines in the log name it
  /// @param listener bound
  /// @param mostSilent connections at most that have said nothing yet; beyond that, the oldest is
  ///   closed
  public OpenPort(String name, ServerSocket listener, int mostSilent, Service service) {
    this.name = name;
    this.listener = listener;
    this.service = service;
    this.callers = new Callers<>(mostSilent);
    this.failures = new AcceptFailures(name);
    this.listening = Thread.ofVirtual().name(name).start(this::listen);
  }

  /// Closes every connection. When this returns, no connection is accepted any more.
  @Override
  public void close() throws IOException {
    listener.close();
    closed.countDown();
    try {
      // the port is closed only when the thread that accepts connections has ended
      listening.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connections.add(connection);
        Optional<Socket> oldest = callers.enter(connection);
        if (oldest.isPresent()) {
          oldest.get().close();
        }
        Thread.ofVirtual().name(name + " connection").start(() -> serve(connection));
      } catch (IOException | RuntimeException | Error e) {
        // whatever it is, without this thread nobody is heard
        if (!listener.isClosed()) {
          failures.add(e);
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      // close() need not wait for this pause: it ends it
      closed.await(AcceptFailures.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      service.serve(connection, () -> callers.leave(connection));
    } catch (IOException e) {
      // it is closed
    } finally {
      callers.leave(connection);
      connections.remove(connection);
    }
  }
}
