package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.delivery.reply.ReplyRule;
import org.caravanmta.delivery.shaping.Rate;
import org.caravanmta.message.Reason;
import org.caravanmta.share.Portion;

/// All that keeps the tasks for one destination back: how wide its window is, whether it is dead,
/// what its servers have replied, and the pauses between its tasks. It learns from each task. Not
/// safe for use by several threads.
final class Restraints {
  /// How long what may wait for its turn keeps a destination busy.
  private static final double STORE_NANOS = 1e9;

  private final String nextHop;
  private final Limits limits;
  private final InstantSource clock;
  private final ConcurrencyWindow window;
  private final Pauses pauses;
  private final Standstill standstill;
  private final Brake brake;

  /// What this node has of the limits.
  private Portion part;

  /// How long a task has been at work of late, in nanoseconds.
  private double duration = STORE_NANOS;

  /// @param rate how often a task may begin; absent for as often as it can
  Restraints(String nextHop, Limits limits, Optional<Rate> rate, InstantSource clock) {
    this.nextHop = nextHop;
    this.limits = limits;
    this.clock = clock;
    this.window = new ConcurrencyWindow(limits.window(), limits.most());
    this.pauses = new Pauses(limits.rateDelay(), rate);
    this.standstill = new Standstill(clock);
    this.brake = new Brake(nextHop, clock);
    this.part = new Portion(limits.most(), 1, Duration.ZERO, true);
  }

  /// Whether it gets nothing for now, and a task for it has its {@link #refusal} at once.
  boolean isSuspended() {
    return standstill.isOn();
  }

  /// The answer to a task while it is suspended.
  Admission refusal() {
    return standstill.answer();
  }

  /// How often it has died.
  int life() {
    return standstill.life();
  }

  /// How many tasks may be at work at a time while it is not suspended.
  int most() {
    return Math.min(useful(), part.places());
  }

  /// How many it would be if this node had the whole of the limits.
  int useful() {
    return standstill.isProbing() ? 1 : Math.min(window.size(), brake.most());
  }

  /// Whether more tasks could be at work if this node had a greater part of the limits.
  ///
  /// @param tasks that are, or could be
  boolean isShort(int tasks) {
    return tasks >= part.places() && part.places() < useful() && !standstill.isOn();
  }

  /// This node has that part of the limits now.
  void share(Portion changed) {
    part = changed;
    pauses.share(changed.sharers(), changed.rest());
  }

  /// How long none may begin after those that have, wherever that is.
  Duration spent() {
    return Duration.ofNanos(Math.max(0, pauses.left()));
  }

  /// How long it is until a task may begin, in nanoseconds; not above 0 if it may now.
  long rest() {
    return Math.max(pauses.left(), brake.rest());
  }

  /// Whether a task need not wait for long until it may begin.
  ///
  /// @param before the tasks that begin before it
  boolean isSoon(int before) {
    return pauses.isSoon(before) && brake.isSoon(before);
  }

  /// How many tasks may wait for their turn: none for a destination that is to be probed.
  ///
  /// @param before the tasks that begin before one more would
  int store(int before) {
    if (standstill.isOn()) {
      return Integer.MAX_VALUE;
    }
    long pause = Math.max(pauses.each(), brake.spacing().toNanos());
    int most = part.asked() ? most() : Math.max(most(), 1);
    double each = Math.max(duration / Math.max(most, 1), (double) pause);
    return standstill.isProbing() || most == 0 || !isSoon(before)
        ? 0
        : most + (int) Math.min(STORE_NANOS / Math.max(each, 1), 1e6);
  }

  /// The pool of addresses that its servers are called from; absent for the usual one.
  Optional<String> pool() {
    return brake.pool();
  }

  /// Notes that a task begins.
  void begun() {
    pauses.begun();
    brake.begin();
  }

  /// Notes that a task has ended.
  ///
  /// @param took how long it was at work, in nanoseconds
  void ended(long took) {
    duration += (took - duration) / 8;
    pauses.ended();
  }

  /// Notes that a task has reached the site.
  ///
  /// @param since the life in which the task began
  /// @param atWork the tasks at work, this one included
  void reached(int since, int atWork) {
    if (standstill.isOverFor(since)) {
      standstill.end();
      window.restart();
    } else if (!standstill.isProbing()) {
      window.succeeded(atWork);
    }
  }

  /// Notes that a task has not reached the site.
  ///
  /// @param since the life in which the task began
  /// @return whether the site is dead now
  boolean failed(Reason reason, int since) {
    if (since == standstill.life() && (standstill.isProbing() || window.failed())) {
      standstill.die(clock.instant().plus(limits.suspension()), reason);
      window.restart();
      return true;
    }
    return false;
  }

  /// Notes a refusal that a rule of the operator's is about.
  ///
  /// @param begun when the task that got it began, as {@link System#nanoTime}
  /// @param atWork the tasks at work, this one included
  /// @return what it is held to that it was not before
  List<BrakeState> heard(ReplyRule rule, Reason refusal, long begun, int atWork) {
    int width = Math.min(most(), Math.max(1, atWork));
    List<BrakeState> changes = brake.apply(rule, refusal.reply().orElse(""), begun, width);
    for (BrakeState change : changes) {
      if (change.isSuspension()) {
        standstill.command(change.until(), refusal);
        window.restart();
      }
    }
    return changes;
  }

  /// Ends the suspension: it is probed now.
  void revive() {
    standstill.cut();
    brake.endSuspensions();
  }

  /// Forgets what earlier tasks have taught.
  void restart() {
    standstill.restart();
    brake.endSuspensions();
    window.restart();
  }

  /// Whether there is nothing to remember.
  boolean areFresh() {
    return !standstill.isProbing() && brake.isOff() && window.isFresh() && pauses.left() <= 0;
  }

  /// Whether what is remembered does not matter.
  boolean areOff() {
    return !standstill.isOn() && brake.isOff() && pauses.left() <= 0;
  }

  /// What it is held to by rules now.
  List<BrakeState> brakes() {
    return brake.states();
  }

  /// How the destination stands now.
  ///
  /// @param general what keeps tasks for any destination of the transport from beginning
  DestinationState state(String transport, int waiting, int atWork, List<Restraint> general) {
    boolean dead = standstill.isOn();
    var restraints = own(dead, atWork);
    restraints.addAll(general);
    return new DestinationState(
        transport,
        nextHop,
        waiting,
        atWork,
        window.size(),
        limits.most(),
        dead ? 0 : most(),
        dead ? Optional.of(standstill.until()) : Optional.empty(),
        standstill.why(),
        standstill.isProbing(),
        limits.rateDelay(),
        restraints);
  }

  /// What keeps the next task for this destination from beginning.
  private List<Restraint> own(boolean dead, int atWork) {
    var found = new ArrayList<Restraint>();
    List<BrakeState> brakes = dead ? brake.states() : brake.restraints(atWork);
    brakes.forEach(it -> found.add(new Restraint.ByReply(it)));
    if (dead && brakes.stream().noneMatch(BrakeState::isSuspension)) {
      found.add(new Restraint.Dead(standstill.until(), standstill.why()));
    } else if (!dead && standstill.isProbing() && atWork > 0) {
      found.add(new Restraint.Probing(standstill.why()));
    } else if (!dead && atWork >= window.size()) {
      found.add(new Restraint.Window(window.size(), limits.most()));
    } else if (!dead && atWork >= part.places()) {
      found.add(new Restraint.OtherNodes(part.places(), limits.most()));
    }
    pauses.restraint().ifPresent(found::add);
    return found;
  }
}
