package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.delivery.reply.ReplyAction;
import org.caravanmta.delivery.reply.ReplyRule;

/// What one destination is held to for a time, because of what its servers have replied. Each
/// action of a rule holds by itself, and the strictest of those of a kind counts. Not safe for use
/// by several threads.
final class Brake {
  private final String nextHop;
  private final InstantSource clock;
  private final Map<Key, Held> held = new LinkedHashMap<>();

  /// Before this no task begins while there is a rate, as {@link System#nanoTime}.
  private long next = System.nanoTime();

  /// @param kind of the action: `Slow` and `AtMost` of one rule hold apart
  private record Key(String rule, Class<?> kind) {}

  /// @param action what the destination is held to
  /// @param since when a server has said so last, as {@link System#nanoTime}
  private record Held(ReplyAction.Braking action, BrakeState state, long since) {}

  Brake(String nextHop, InstantSource clock) {
    this.nextHop = nextHop;
    this.clock = clock;
  }

  /// Takes note of a reply. What was begun before an action last took hold says nothing new.
  ///
  /// @param begun when the task that got the reply began, as {@link System#nanoTime}
  /// @param width how many tasks the destination has now
  /// @return what it is held to that it was not before
  List<BrakeState> apply(ReplyRule rule, String reply, long begun, int width) {
    forgetPast();
    var changes = new ArrayList<BrakeState>();
    for (ReplyAction.Braking wanted : rule.brakes()) {
      var key = new Key(rule.place(), wanted.getClass());
      Optional<Held> before = Optional.ofNullable(held.get(key));
      if (before.filter(it -> begun - it.since() <= 0).isPresent()) {
        continue;
      }
      ReplyAction.Braking action =
          wanted instanceof ReplyAction.Slow
              ? new ReplyAction.AtMost(Math.max(1, width / 2))
              : wanted;
      Instant until = clock.instant().plus(rule.time());
      var state = new BrakeState(nextHop, action.toString(), until, rule.place(), reply);
      held.put(key, new Held(action, state, System.nanoTime()));
      if (before.filter(it -> it.action().equals(action)).isEmpty()) {
        changes.add(state);
        if (action instanceof ReplyAction.Rate rate) {
          next = System.nanoTime() + rate.spacing().toNanos();
        }
      }
    }
    return changes;
  }

  /// The most tasks at a time.
  int most() {
    return inForce(ReplyAction.AtMost.class).stream()
        .map(ReplyAction.AtMost::tasks)
        .min(Comparator.naturalOrder())
        .orElse(Integer.MAX_VALUE);
  }

  /// The time from the beginning of one task to that of the next; zero if there is no rate.
  Duration spacing() {
    return inForce(ReplyAction.Rate.class).stream()
        .map(ReplyAction.Rate::spacing)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /// How long it is until a task may begin, in nanoseconds; not above 0 if it may now.
  long rest() {
    return spacing().isZero() ? 0 : next - System.nanoTime();
  }

  /// Whether a task need not wait for long, as {@link Pauses#isSoon} has it.
  ///
  /// @param before the tasks that begin before it
  boolean isSoon(int before) {
    double spacing = spacing().toNanos();
    return spacing == 0 || Math.max(rest(), 0) + Math.max(before, 0) * spacing <= Pauses.AHEAD;
  }

  /// Notes that a task begins.
  void begin() {
    Duration spacing = spacing();
    if (!spacing.isZero()) {
      next = System.nanoTime() + spacing.toNanos();
    }
  }

  /// The pool of addresses that mail leaves from: the one named last.
  Optional<String> pool() {
    return inForce(ReplyAction.Pool.class).stream()
        .reduce((_, last) -> last)
        .map(ReplyAction.Pool::name);
  }

  /// Ends suspensions, and nothing else.
  void endSuspensions() {
    held.values().removeIf(it -> it.action() instanceof ReplyAction.Suspend);
  }

  /// Whether there is nothing.
  boolean isOff() {
    forgetPast();
    return held.isEmpty();
  }

  /// All that it is held to now.
  List<BrakeState> states() {
    forgetPast();
    return states(held.values());
  }

  /// What of it keeps the next task from beginning now, though there is a turn for it otherwise.
  ///
  /// @param atWork the tasks that have their turn
  List<BrakeState> restraints(int atWork) {
    forgetPast();
    boolean resting = rest() > 0;
    return states(
        held.values().stream()
            .filter(
                it ->
                    switch (it.action()) {
                      case ReplyAction.AtMost(int tasks) -> atWork >= tasks;
                      case ReplyAction.Rate _ -> resting;
                      case ReplyAction.Suspend(), ReplyAction.Slow(), ReplyAction.Pool _ -> false;
                    })
            .toList());
  }

  private static List<BrakeState> states(Collection<Held> those) {
    return those.stream().map(Held::state).toList();
  }

  private <T extends ReplyAction.Braking> List<T> inForce(Class<T> kind) {
    forgetPast();
    return held.isEmpty()
        ? List.of()
        : held.values().stream()
            .map(Held::action)
            .filter(kind::isInstance)
            .<T>map((Function<ReplyAction.Braking, T>) kind::cast)
            .toList();
  }

  private void forgetPast() {
    if (!held.isEmpty()) {
      Instant now = clock.instant();
      held.values().removeIf(it -> !now.isBefore(it.state().until()));
    }
  }
}
