package org.caravanmta.delivery.schedule;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.caravanmta.delivery.reply.ReplyRule;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.shaping.Rate;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.message.Reason;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Demand;
import org.caravanmta.share.Portion;
import org.caravanmta.share.Share;
import org.caravanmta.share.Sharer;
import org.caravanmta.share.Shares;

/// The tasks for one destination: their places before they begin, their {@link DestinationTurns},
/// and what its {@link Restraints} learn from them.
final class Traffic implements Admission.Host, Sharer {
  private final String name;
  private final Workplaces work;
  private final ReplyRules rules;
  private final Consumer<Traffic> left;
  private final ReentrantLock lock = new ReentrantLock();

  // guarded by the lock, as what follows
  private final Restraints restraints;
  private final DestinationTurns turns;
  private int tasks;
  private int inside;
  private int parked;

  /// When a task found no place, as {@link System#nanoTime}; 0: never.
  private long refused;

  private Share share = Shares.WHOLE.join("", new CommonLimit(1, false), this);

  private final Bookings bookings = new Bookings();

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
    this.work = work;
    this.rules = rules;
    this.left = left;
    this.restraints = new Restraints(name, limits, rate, clock);
    this.turns = new DestinationTurns(this, name, restraints, lock);
  }

  /// Has its limits in common with other nodes.
  Traffic sharing(Shares shares, String key, Limits limits, boolean hasRate) {
    boolean spaced = hasRate || limits.rateDelay().isPositive();
    share = shares.join(key, new CommonLimit(limits.most(), spaced), this);
    granted(share.part());
    return this;
  }

  @Override
  public Demand demand() {
    lock.lock();
    try {
      int here = inside + parked;
      return Demand.of(turns.atWork(), here, refused, restraints.useful(), restraints.spent());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void granted(Portion part) {
    lock.lock();
    try {
      restraints.share(part);
      turns.serve();
    } finally {
      lock.unlock();
    }
  }

  /// It is not needed any more.
  void end() {
    share.close();
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
    lock.lock();
    try {
      return turns.await(work.longest());
    } finally {
      lock.unlock();
    }
  }

  /// How many tasks may be at work now.
  int allowed() {
    lock.lock();
    try {
      return restraints.isSuspended() ? 0 : restraints.most();
    } finally {
      lock.unlock();
    }
  }

  /// Whether a task for it has its answer at once.
  boolean isSuspended() {
    lock.lock();
    try {
      return restraints.isSuspended();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a place among those that could be at work, if there is one. A task for a dead
  /// destination has its answer at once.
  boolean take() {
    lock.lock();
    try {
      boolean free =
          restraints.isSuspended() || inside < restraints.most() && restraints.isSoon(before());
      inside += free ? 1 : 0;
      wantMore(inside + parked, free);
      return free;
    } finally {
      lock.unlock();
    }
  }

  /// Asks for a greater part of the limits if it would be of use.
  private void wantMore(int tasks, boolean free) {
    if (restraints.isShort(tasks)) {
      refused = free ? refused : System.nanoTime();
      share.want();
    }
  }

  /// How many tasks may wait for their turn: none for a destination that is to be probed.
  int store() {
    lock.lock();
    try {
      return restraints.store(before());
    } finally {
      lock.unlock();
    }
  }

  /// How many tasks begin before one more would.
  private int before() {
    return inside + parked - turns.atWork();
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
      return turns.waiting();
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
      wantMore(inside + parked, true);
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
      restraints.reached(since, turns.atWork());
      turns.serve();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void failed(Reason reason, int since) {
    lock.lock();
    try {
      if (restraints.failed(reason, since)) {
        turns.serve();
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
      changes = restraints.heard(rule.get(), refusal, begun, turns.atWork());
      suspended = restraints.isSuspended();
      turns.serve();
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
      return restraints.pool();
    } finally {
      lock.unlock();
    }
  }

  /// What it is held to by rules now.
  List<BrakeState> brakes() {
    lock.lock();
    try {
      return restraints.brakes();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the suspension: it is probed now.
  void revive() {
    lock.lock();
    try {
      restraints.revive();
    } finally {
      lock.unlock();
    }
  }

  /// Forgets what earlier tasks have taught.
  void restart() {
    lock.lock();
    try {
      restraints.restart();
      turns.serve();
    } finally {
      lock.unlock();
    }
  }

  /// Has all tasks that wait for their turn put back.
  void turnAway() {
    lock.lock();
    try {
      turns.refuse(new Admission.Crowded(Reason.of("4.3.2", "delivery is suspended")));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave(long took) {
    lock.lock();
    try {
      restraints.ended(took);
      turns.ended();
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
      return restraints.state(transport, turns.waiting(), turns.atWork(), general);
    } finally {
      lock.unlock();
    }
  }

  /// Whether there is nothing to remember of it.
  boolean forgettable() {
    lock.lock();
    try {
      return tasks == 0 && restraints.areFresh() && demand().isNone();
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is not in use, and what is remembered of it does not matter.
  boolean idle() {
    lock.lock();
    try {
      return tasks == 0 && restraints.areOff();
    } finally {
      lock.unlock();
    }
  }
}
