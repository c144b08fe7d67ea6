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
      at.reached(life);
    }

    /// The site was not reached, or lost the connection before it said anything.
    public void failed(Reason reason) {
      at.failed(reason, life);
    }

    /// A server has refused something.
    ///
    /// @param server its name in the DNS
    /// @param refusal a status of class 5 is one for good
    /// @return what the operator's rules make of it
    public Heard heard(String server, Reason refusal) {
      return at.heard(server, refusal, begun);
    }

    /// The pool of addresses that servers are called from instead of the usual one; absent for that
    /// one.
    public Optional<String> pool() {
      return at.pool();
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

  /// What becomes of a refusal by the operator's rules.
  ///
  /// @param reason with a status of class 5 if it is one for good, else 4
  /// @param suspended whether the destination gets nothing any more for now
  record Heard(Reason reason, boolean suspended) {}

  /// The place of a task that talks to a server.
  interface Seat extends AutoCloseable {
    @Override
    void close();
  }

  /// Who gives turns.
  interface Host {
    /// See {@link Turn#reached}.
    ///
    /// @param since the life in which the task began
    void reached(int since);

    /// See {@link Turn#failed}.
    ///
    /// @param since the life in which the task began: what began before it died says nothing new
    void failed(Reason reason, int since);

    /// See {@link Turn#heard}.
    ///
    /// @param begun when the task began: what began before the destination was held to something
    ///   says nothing new
    Heard heard(String server, Reason refusal, long begun);

    /// See {@link Turn#pool}.
    Optional<String> pool();

    /// See {@link Turn#seat}.
    Optional<Seat> seat() throws InterruptedException;

    /// See {@link Turn#claim}.
    boolean claim(ServerGroup group);

    /// Ends a turn.
    ///
    /// @param took how long the task was at work, in nanoseconds
    void leave(long took);
  }

  /// The destination is dead, or has asked for less, and is left alone for a while.
  ///
  /// @param reason why the task is deferred
  record Suspended(Reason reason) implements Admission {}

  /// The task has waited for too long.
  ///
  /// @param reason why it is put back
  record Crowded(Reason reason) implements Admission {}
}
