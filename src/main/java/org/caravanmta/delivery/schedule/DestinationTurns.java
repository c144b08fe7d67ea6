package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.message.Reason;
import org.jspecify.annotations.Nullable;

/// The turns at one destination: the tasks that wait for one, in their order, and how many have
/// one. Whoever uses it holds the lock of the destination.
final class DestinationTurns {
  private final Admission.Host host;
  private final String nextHop;
  private final Restraints restraints;
  private final ReentrantLock lock;
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int atWork;

  /// A task that waits for its turn.
  private static final class Waiter {
    private final Condition answered;
    private @Nullable Admission answer;

    Waiter(Condition answered) {
      this.answered = answered;
    }
  }

  /// @param host the destination
  /// @param lock given up by those who wait, for as long as they do
  DestinationTurns(Admission.Host host, String nextHop, Restraints restraints, ReentrantLock lock) {
    this.host = host;
    this.nextHop = nextHop;
    this.restraints = restraints;
    this.lock = lock;
  }

  /// How many tasks wait for their turn.
  int waiting() {
    return waiting.size();
  }

  /// How many tasks have their turn.
  int atWork() {
    return atWork;
  }

  /// Waits for a turn, unless there is another answer.
  ///
  /// @param longest how long
  Admission await(Duration longest) throws InterruptedException {
    var mine = new Waiter(lock.newCondition());
    try {
      waiting.add(mine);
      serve();
      long until = System.nanoTime() + longest.toNanos();
      while (mine.answer == null) {
        long now = System.nanoTime();
        if (until - now <= 0) {
          waiting.remove(mine);
          return new Admission.Crowded(Reason.of("4.4.5", "too many messages wait for " + nextHop));
        }
        long left = until - now;
        long rest = restraints.rest();
        boolean first = mine == waiting.peekFirst() && rest > 0;
        var _ = mine.answered.awaitNanos(first ? Math.min(left, rest) : left);
        serve();
      }
      return mine.answer;
    } catch (InterruptedException e) {
      giveUp(mine);
      throw e;
    }
  }

  /// A task that has been interrupted leaves, and hands on a turn that it was just given.
  private void giveUp(Waiter mine) {
    waiting.remove(mine);
    if (mine.answer instanceof Admission.Turn) {
      ended();
    }
  }

  /// Notes that a task has ended its turn, for the next to have it.
  void ended() {
    atWork--;
    serve();
  }

  /// Answers those who wait, in their order, as far as it can be told now.
  void serve() {
    while (!waiting.isEmpty()) {
      if (restraints.isSuspended()) {
        answer(restraints.refusal());
      } else if (atWork >= restraints.most()) {
        return;
      } else if (restraints.rest() > 0) {
        // the first waits for as long as that, and comes back
        waiting.getFirst().answered.signal();
        return;
      } else {
        atWork++;
        restraints.begun();
        answer(new Admission.Turn(host, restraints.life(), System.nanoTime()));
      }
    }
  }

  /// Has all tasks that wait put back.
  void refuse(Admission.Crowded refusal) {
    while (!waiting.isEmpty()) {
      answer(refusal);
    }
  }

  private void answer(Admission admission) {
    Waiter first = waiting.removeFirst();
    first.answer = admission;
    first.answered.signal();
  }
}
