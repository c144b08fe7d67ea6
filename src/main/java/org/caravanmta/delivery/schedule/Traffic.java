package org.caravanmta.delivery.schedule;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.caravanmta.delivery.reply.ReplyRule;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.shaping.Rate;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.message.Reason;
import org.jspecify.annotations.Nullable;

/// The tasks for one destination, those that wait for their turn and those at work, and how it has
/// dealt with earlier ones.
final class Traffic implements Admission.Host {
  /// How long what may wait for its turn keeps a destination busy.
  private static final double STORE_NANOS = 1e9;

  private final String name;
  private final Limits limits;
  private final Workplaces work;
  private final ReplyRules rules;
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

  private final Standstill standstill;
  private final Brake brake;

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
      ReplyRules rules,
      InstantSource clock,
      Consumer<Traffic> left) {
    this.name = name;
    this.limits = limits;
    this.work = work;
    this.rules = rules;
    this.standstill = new Standstill(clock);
    this.brake = new Brake(name, clock);
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
        long rest = rest();
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
      if (standstill.isOn()) {
        answer(standstill.answer());
      } else if (atWork >= allowedNow()) {
        return;
      } else if (rest() > 0) {
        // the first waits for as long as that, and comes back
        waiting.getFirst().answered.signal();
        return;
      } else {
        atWork++;
        pauses.begun();
        brake.begin();
        answer(new Admission.Turn(this, standstill.life(), System.nanoTime()));
      }
    }
  }

  private void answer(Admission admission) {
    Waiter first = waiting.removeFirst();
    first.answer = admission;
    first.answered.signal();
  }

  /// How long it is until a task may begin, in nanoseconds; not above 0 if it may now.
  private long rest() {
    return Math.max(pauses.left(), brake.rest());
  }

  private int allowedNow() {
    return standstill.isProbing() ? 1 : Math.min(window.size(), brake.most());
  }

  /// How many tasks may be at work now.
  int allowed() {
    lock.lock();
    try {
      return standstill.isOn() ? 0 : allowedNow();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a place among those that could be at work, if there is one. A task for a dead
  /// destination has its answer at once.
  boolean take() {
    lock.lock();
    try {
      boolean free = standstill.isOn() || inside < allowedNow() && isSoon();
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
      if (standstill.isOn()) {
        return Integer.MAX_VALUE;
      }
      long pause = Math.max(pauses.each(), brake.spacing().toNanos());
      double each = Math.max(duration / allowedNow(), (double) pause);
      return standstill.isProbing() || !isSoon()
          ? 0
          : allowedNow() + (int) Math.min(STORE_NANOS / Math.max(each, 1), 1e6);
    } finally {
      lock.unlock();
    }
  }

  /// Whether one more would not have to wait for long until it may begin.
  private boolean isSoon() {
    int before = inside + parked - atWork;
    return pauses.isSoon(before) && brake.isSoon(before);
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
  public void reached(int since) {
    lock.lock();
    try {
      if (standstill.isOverFor(since)) {
        standstill.end();
        window.restart();
      } else if (!standstill.isProbing()) {
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
      if (since == standstill.life() && (standstill.isProbing() || window.failed())) {
        standstill.die(clock.instant().plus(limits.suspension()), reason);
        window.restart();
        serve();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Admission.Heard heard(String server, Reason refusal, long begun) {
    Optional<ReplyRule> rule = rules.on(refusal, name, server);
    if (rule.isEmpty()) {
      return new Admission.Heard(refusal, false);
    }
    List<BrakeState> changes;
    boolean suspended;
    lock.lock();
    try {
      int width = Math.min(allowedNow(), Math.max(1, atWork));
      changes = brake.apply(rule.get(), refusal.reply().orElse(""), begun, width);
      for (BrakeState change : changes) {
        if (change.isSuspension()) {
          standstill.command(change.until(), refusal);
          window.restart();
        }
      }
      suspended = standstill.isOn();
      serve();
    } finally {
      lock.unlock();
    }
    changes.forEach(BrakeState::tell);
    return new Admission.Heard(rule.get().of(refusal), suspended);
  }

  @Override
  public Optional<String> pool() {
    lock.lock();
    try {
      return brake.pool();
    } finally {
      lock.unlock();
    }
  }

  /// What it is held to by rules now.
  List<BrakeState> brakes() {
    lock.lock();
    try {
      return brake.states();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the suspension: it is probed now.
  void revive() {
    lock.lock();
    try {
      standstill.cut();
      brake.endSuspensions();
    } finally {
      lock.unlock();
    }
  }

  /// Forgets what earlier tasks have taught.
  void restart() {
    lock.lock();
    try {
      standstill.restart();
      brake.endSuspensions();
      window.restart();
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
      boolean dead = standstill.isOn();
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
          dead ? Optional.of(standstill.until()) : Optional.empty(),
          standstill.why(),
          standstill.isProbing(),
          limits.rateDelay(),
          restraints);
    } finally {
      lock.unlock();
    }
  }

  /// What keeps the next task for this destination from beginning.
  private List<Restraint> own(boolean dead) {
    var found = new ArrayList<Restraint>();
    List<BrakeState> brakes = dead ? brake.states() : brake.restraints(atWork);
    brakes.forEach(it -> found.add(new Restraint.ByReply(it)));
    if (dead && brakes.stream().noneMatch(BrakeState::isSuspension)) {
      found.add(new Restraint.Dead(standstill.until(), standstill.why()));
    } else if (!dead && standstill.isProbing() && atWork > 0) {
      found.add(new Restraint.Probing(standstill.why()));
    } else if (!dead && atWork >= window.size()) {
      found.add(new Restraint.Window(window.size(), limits.most()));
    }
    pauses.restraint().ifPresent(found::add);
    return found;
  }

  /// Whether there is nothing to remember of it.
  boolean forgettable() {
    lock.lock();
    try {
      return tasks == 0
          && !standstill.isProbing()
          && brake.isOff()
          && window.isFresh()
          && pauses.left() <= 0;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is not in use, and what is remembered of it does not matter.
  boolean idle() {
    lock.lock();
    try {
      return tasks == 0 && !standstill.isOn() && brake.isOff() && pauses.left() <= 0;
    } finally {
      lock.unlock();
    }
  }
}
