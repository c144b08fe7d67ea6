package org.caravanmta.delivery.watch;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.headway.Cut;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Standing;
import org.caravanmta.message.Mail;

/// The attempts at delivery that this process is making. Safe for use by many threads.
public final class AtWork {
  private final LongSupplier ticks;
  private volatile BooleanSupplier mayGoOn = () -> true;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentMap<Long, DeliveryTask> tasks = new ConcurrentHashMap<>();

  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public AtWork(LongSupplier ticks) {
    this.ticks = ticks;
  }

  /// Attempts may go on only as long as this is so, which must be quick to say.
  public void guard(BooleanSupplier open) {
    mayGoOn = open;
  }

  DeliveryTask begin(Mail mail) {
    var task = new DeliveryTask(numbers.incrementAndGet(), mail, new Headway(ticks, mayGoOn));
    tasks.put(task.number(), task);
    return task;
  }

  /// The attempt is over.
  ///
  /// @return how it was cut, if it was
  Optional<Cut> end(DeliveryTask task) {
    tasks.remove(task.number());
    return task.headway().end();
  }

  Collection<DeliveryTask> all() {
    return List.copyOf(tasks.values());
  }

  Optional<DeliveryTask> numbered(long number) {
    return Optional.ofNullable(tasks.get(number));
  }

  /// Ends an attempt, and tells so.
  ///
  /// @param by in words, with the reason if there is one: `the watchdog: no progress for 3600 s`
  /// @return false if it has ended by itself, or was cut before
  boolean cut(DeliveryTask task, Cut.By who, String by) {
    Standing stands = task.headway().standing();
    String with = stands.counterpart().isEmpty() ? "" : " with " + stands.counterpart();
    String why = "delivery" + with + " was cut by " + by + ", while " + stands.doing();
    if (!task.headway().cut(new Cut(who, why))) {
      return false;
    }
    Events.tell(
        new DeliveryEvent.Cut(
            task.mail(), task.number(), task.transport(), task.nextHop(), word(who), why));
    return true;
  }

  private static String word(Cut.By who) {
    return switch (who) {
      case WATCHDOG -> "watchdog";
      case OPERATOR -> "operator";
      case FENCE -> "cluster";
    };
  }

  /// In whole seconds, as a reason has it.
  static String seconds(Duration time) {
    return time.toSeconds() + " s";
  }
}
