package org.caravanmta.delivery.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.caravanmta.delivery.shaping.Rate;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.message.Reason;
import org.jspecify.annotations.Nullable;

/// The tasks for one destination, those that wait for their turn and those at work, and how it has
/// dealt with earlier ones.
///
/// | state | `suspended` | `probing` | at work |
/// |---|---|---|---|
/// | alive | past | no | as many as the window is wide |
/// | dead | to come | yes | none new; who asks is told so |
/// | to be probed | past | yes | one; its success makes the destination alive, its failure dead |
final class Traffic implements Admission.Host {
  /// How long what may wait for its turn keeps a destination busy.
  private static final double STORE_NANOS = 1e9;

  private final String name;
  private final Limits limits;
  private final Workplaces work;
  private final InstantSource clock;
  private final Consumer<Traffic> left;
  private final ReentrantLock lock = new ReentrantLock();

  // guarded by the lock, as what follows
  private final ConcurrencyWindow window;
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int tasks;
  private int inside;
  private int parked;
  private int atWork;

  /// How long a task has been at work of late, in nanoseconds.
  private double duration = STORE_NANOS;

  private final Pauses pauses;
  private final Bookings bookings = new Bookings();

  private Instant suspended = Instant.MIN;
  private boolean probing;
  private String why = "";

  /// How often it has died.
  private int life;

  /// A task that waits for its turn.
  private static final class Waiter {
    private final Condition answered;
    private @Nullable Admission answer;

    Waiter(Condition answered) {
      this.answered = answered;
    }
  }

  /// @param rate how often a task may begin; absent for as often as it can
  /// @param left told when a task has ended its turn
  Traffic(
      String name,
      Limits limits,
      Optional<Rate> rate,
      Workplaces work,
      InstantSource clock,
      Consumer<Traffic> left) {
    this.name = name;
    this.limits = limits;
    this.work = work;
    this.clock = clock;
    this.left = left;
    this.window = new ConcurrencyWindow(limits.window(), limits.most());
    this.pauses = new Pauses(limits.rateDelay(), rate);
  }

  String name() {
    return name;
  }

  Traffic joined() {
    lock.lock();
    try {
      tasks++;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether there is no task any more
  boolean left() {
    lock.lock();
    try {
      return --tasks == 0;
    } finally {
      lock.unlock();
    }
  }

  Admission await() throws InterruptedException {
    var mine = new Waiter(lock.newCondition());
    lock.lock();
    try {
      waiting.add(mine);
      serve();
      long until = System.nanoTime() + work.longest().toNanos();
      while (mine.answer == null) {
        long now = System.nanoTime();
        if (until - now <= 0) {
          waiting.remove(mine);
          return new Admission.Crowded(Reason.of("4.4.5", "too many messages wait for " + name));
        }
        long left = until - now;
        long rest = pauses.left();
        boolean first = mine == waiting.peekFirst() && rest > 0;
        var _ = mine.answered.awaitNanos(first ? Math.min(left, rest) : left);
        serve();
      }
      return mine.answer;
    } catch (InterruptedException e) {
      giveUp(mine);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// A task that has been interrupted leaves, and hands on a turn that it was just given.
  private void giveUp(Waiter mine) {
    waiting.remove(mine);
    if (mine.answer instanceof Admission.Turn) {
      atWork--;
      serve();
    }
  }

  /// Answers those who wait, in their order, as far as it can be told now.
  private void serve() {
    while (!waiting.isEmpty()) {
      if (isSuspended()) {
        answer(suspension());
      } else if (atWork >= allowedNow()) {
        return;
      } else if (pauses.left() > 0) {
        // the first waits for as long as that, and comes back
        waiting.getFirst().answered.signal();
        return;
      } else {
        atWork++;
        pauses.begun();
        answer(new Admission.Turn(this, life, System.nanoTime()));
      }
    }
  }

  private void answer(Admission admission) {
    Waiter first = waiting.removeFirst();
    first.answer = admission;
    first.answered.signal();
  }

  private boolean isSuspended() {
    return clock.instant().isBefore(suspended);
  }

  private Admission suspension() {
    return new Admission.Suspended(Reason.of("4.4.1", "delivery temporarily suspended: " + why));
  }

  private int allowedNow() {
    return probing ? 1 : window.size();
  }

  /// How many tasks may be at work now.
  int allowed() {
    lock.lock();
    try {
      return isSuspended() ? 0 : allowedNow();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a place among those that could be at work, if there is one. A task for a dead
  /// destination has its answer at once.
  boolean take() {
    lock.lock();
    try {
      boolean free = isSuspended() || inside < allowedNow() && isSoon();
      inside += free ? 1 : 0;
      return free;
    } finally {
      lock.unlock();
    }
  }

  /// How many tasks may wait for their turn: none for a destination that is to be probed.
  int store() {
    lock.lock();
    try {
      if (isSuspended()) {
        return Integer.MAX_VALUE;
      }
      double each = Math.max(duration / allowedNow(), (double) pauses.each());
      return probing || !isSoon()
          ? 0
          : allowedNow() + (int) Math.min(STORE_NANOS / Math.max(each, 1), 1e6);
    } finally {
      lock.unlock();
    }
  }

  /// Whether one more would not have to wait for long until it may begin.
  private boolean isSoon() {
    return pauses.isSoon(inside + parked - atWork);
  }

  int parked() {
    lock.lock();
    try {
      return parked;
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /// Gives back a place of those that could be at work.
  void give() {
    lock.lock();
    try {
      inside--;
    } finally {
      lock.unlock();
    }
  }

  /// Notes tasks more, or fewer, that wait for their turn.
  void park(int more) {
    lock.lock();
    try {
      parked += more;
    } finally {
      lock.unlock();
    }
  }

  Bookings bookings() {
    return bookings;
  }

  @Override
  public boolean claim(ServerGroup group) {
    return bookings.claim(group);
  }

  @Override
  public Optional<Admission.Seat> seat() throws InterruptedException {
    return work.take();
  }

  @Override
  public void reached() {
    lock.lock();
    try {
      if (probing) {
        revived();
      } else {
        window.succeeded(atWork);
      }
      serve();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void failed(Reason reason, int since) {
    lock.lock();
    try {
      if (since == life && (probing || window.failed())) {
        life++;
        probing = true;
        suspended = clock.instant().plus(limits.suspension());
        why = reason.text();
        window.restart();
        serve();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends the suspension: it is probed now.
  void revive() {
    lock.lock();
    try {
      suspended = Instant.MIN;
    } finally {
      lock.unlock();
    }
  }

  /// Forgets what earlier tasks have taught.
  void restart() {
    lock.lock();
    try {
      life++;
      revived();
      serve();
    } finally {
      lock.unlock();
    }
  }

  /// Has all tasks that wait for their turn put back.
  void turnAway() {
    lock.lock();
    try {
      while (!waiting.isEmpty()) {
        answer(new Admission.Crowded(Reason.of("4.3.2", "delivery is suspended")));
      }
    } finally {
      lock.unlock();
    }
  }

  private void revived() {
    probing = false;
    suspended = Instant.MIN;
    why = "";
    window.restart();
  }

  @Override
  public void leave(long took) {
    lock.lock();
    try {
      atWork--;
      duration += (took - duration) / 8;
      pauses.ended();
      serve();
    } finally {
      lock.unlock();
    }
    left.accept(this);
  }

  /// How it stands now.
  ///
  /// @param general what keeps tasks for any destination of the transport from beginning
  DestinationState state(String transport, List<Restraint> general) {
    lock.lock();
    try {
      boolean dead = isSuspended();
      var restraints = new ArrayList<>(own(dead));
      restraints.addAll(general);
      return new DestinationState(
          transport,
          name,
          waiting.size(),
          atWork,
          window.size(),
          limits.most(),
          dead ? 0 : allowedNow(),
          dead ? Optional.of(suspended) : Optional.empty(),
          why,
          probing,
          limits.rateDelay(),
          restraints);
    } finally {
      lock.unlock();
    }
  }

  /// What keeps the next task for this destination from beginning.
  private List<Restraint> own(boolean dead) {
    var found = new ArrayList<Restraint>();
    if (dead) {
      found.add(new Restraint.Dead(suspended, why));
    } else if (atWork >= allowedNow()) {
      found.add(
          probing
              ? new Restraint.Probing(why)
              : new Restraint.Window(window.size(), limits.most()));
    }
    pauses.restraint().ifPresent(found::add);
    return found;
  }

  /// Whether there is nothing to remember of it.
  boolean forgettable() {
    lock.lock();
    try {
      return tasks == 0 && !probing && window.isFresh() && pauses.left() <= 0;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is not in use, and what is remembered of it does not matter.
  boolean idle() {
    lock.lock();
    try {
      return tasks == 0 && !isSuspended() && pauses.left() <= 0;
    } finally {
      lock.unlock();
    }
  }
}
