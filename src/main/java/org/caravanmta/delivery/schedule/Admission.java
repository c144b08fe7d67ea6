package org.caravanmta.delivery.schedule;

import java.util.Optional;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.message.Reason;

/// The answer to a task that wants to be tried.
public sealed interface Admission {
  /// The turn of a task: it may be tried now. It must be closed when the attempt is over, for the
  /// next task.
  ///
  /// @param at the destination
  /// @param life how often the destination had died when the turn began
  /// @param begun when it began, as {@link System#nanoTime}
  record Turn(Host at, int life, long begun) implements Admission, AutoCloseable {
    /// The site was reached, whatever it said of the message.
    public void reached() {
      at.reached();
    }

    /// The site was not reached, or lost the connection before it said anything.
    public void failed(Reason reason) {
      at.failed(reason, life);
    }

    /// A place among all tasks that talk to a server; it must be closed when that is over.
    ///
    /// @return empty if there was none for a long time
    public Optional<Seat> seat() throws InterruptedException {
      return at.seat();
    }

    /// Uses a booking with a group of servers.
    ///
    /// @return whether the destination has one
    public boolean claim(ServerGroup group) {
      return at.claim(group);
    }

    @Override
    public void close() {
      at.leave(System.nanoTime() - begun);
    }
  }

  /// The place of a task that talks to a server.
  interface Seat extends AutoCloseable {
    @Override
    void close();
  }

  /// Who gives turns.
  interface Host {
    /// See {@link Turn#reached}.
    void reached();

    /// See {@link Turn#failed}.
    ///
    /// @param since the life in which the task began: what began before it died says nothing new
    void failed(Reason reason, int since);

    /// See {@link Turn#seat}.
    Optional<Seat> seat() throws InterruptedException;

    /// See {@link Turn#claim}.
    boolean claim(ServerGroup group);

    /// Ends a turn.
    ///
    /// @param took how long the task was at work, in nanoseconds
    void leave(long took);
  }

  /// The destination is dead, and left alone for a while.
  ///
  /// @param reason why the task is deferred
  record Suspended(Reason reason) implements Admission {}

  /// The task has waited for too long.
  ///
  /// @param reason why it is put back
  record Crowded(Reason reason) implements Admission {}
}
