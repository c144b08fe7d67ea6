package org.caravanmta.table;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Asks a lookup server over connections that are kept open for the next question. A kept
/// connection that turns out to be closed is replaced by a new one, since servers close idle
/// connections.
final class Conversation implements AutoCloseable {
  /// Connections that are kept open while nobody uses them.
  private static final int MOST_IDLE = 8;

  private final Endpoint endpoint;
  private final BlockingQueue<Endpoint.Connection> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  Conversation(Endpoint endpoint) {
    this.endpoint = endpoint;
    TableLinks.add(this);
  }

  /// One question and its answer.
  @FunctionalInterface
  interface Turn {
    Lookup take(Endpoint.Connection connection) throws IOException, RemoteTable.Refused;
  }

  /// Puts one question, over a kept connection or a new one.
  ///
  /// @throws IOException if the server cannot be reached or breaks off
  Lookup ask(Turn turn) throws IOException, RemoteTable.Refused {
    Optional<Endpoint.Connection> kept = Optional.ofNullable(idle.poll());
    if (kept.isPresent()) {
      try {
        return over(kept.get(), turn);
      } catch (EOFException | java.net.SocketException e) {
        // closed while it was idle
      }
    }
    return over(endpoint.open(), turn);
  }

  /// Closes the connections that nobody uses.
  @Override
  public void close() throws IOException {
    for (Endpoint.Connection connection = idle.poll();
        connection != null;
        connection = idle.poll()) {
      connection.close();
    }
  }

  private Lookup over(Endpoint.Connection connection, Turn turn)
      throws IOException, RemoteTable.Refused {
    boolean good = false;
    try {
      Lookup answer = turn.take(connection);
      good = true;
      return answer;
    } finally {
      if (!good || !idle.offer(connection)) {
        connection.close();
      }
    }
  }
}
