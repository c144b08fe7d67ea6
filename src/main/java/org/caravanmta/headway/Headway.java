package org.caravanmta.headway;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The headway of one attempt at delivery, which its thread marks at each step, and whatever makes
/// the thread let go when somebody cuts the attempt: the connection that it waits for is closed, or
/// the thread is interrupted where it waits for something of ours.
///
/// The code that makes an attempt finds its headway by {@link #current}, as it would find out on
/// which thread it runs. Marking a step is a write to memory, without locks.
public final class Headway {
  private static final ScopedValue<Headway> CURRENT = ScopedValue.newInstance();

  /// How long a lookup that is cut may go on, in nanoseconds: an interrupt could close the file of
  /// a table under others, and nearly all lookups are over by then.
  private static final long PATIENCE = 10_000_000_000L;

  private static final Cut FENCED =
      new Cut(Cut.By.FENCE, "delivery was ended: this node has lost its lock in the cluster");

  private final LongSupplier ticks;
  private final BooleanSupplier mayGoOn;
  private final long begun;

  private volatile Step step = Step.BEGIN;
  private volatile long moved;
  private volatile long allowed;
  private volatile long sent;
  private volatile long size;
  private volatile Counterpart with = Counterpart.NOBODY;
  private volatile @Nullable Cut cut;

  private final Object hold = new Object();
  private @Nullable Runnable grip;
  private @Nullable Thread waiting;
  private boolean patient;
  private boolean interrupted;
  private boolean ended;

  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public Headway(LongSupplier ticks) {
    this(ticks, () -> true);
  }

  /// Of an attempt that may have to end by itself.
  ///
  /// @param mayGoOn asked at each step; must be quick. If not, the attempt is cut before the step:
  ///   a message whose end has not been sent is not sent
  public Headway(LongSupplier ticks, BooleanSupplier mayGoOn) {
    this.mayGoOn = mayGoOn;
    this.ticks = ticks;
    this.begun = ticks.getAsLong();
    this.moved = begun;
  }

  /// Of the attempt that this thread is making; outside of attempts, one that nobody looks at.
  public static Headway current() {
    return CURRENT.isBound() ? CURRENT.get() : new Headway(System::nanoTime);
  }

  /// Runs an attempt, in which this is the {@link #current} one.
  public <T> T during(Supplier<T> attempt) {
    return ScopedValue.where(CURRENT, this).call(attempt::get);
  }

  /// The attempt begins another step.
  public void step(Step next) {
    step(next, Duration.ZERO);
  }

  /// Likewise.
  ///
  /// @param may how long it may take, by a time limit of its own
  public void step(Step next, Duration may) {
    size = 0;
    sent = 0;
    step = next;
    allow(may);
    if (!mayGoOn.getAsBoolean()) {
      cut(FENCED);
    }
  }

  /// The step has made progress.
  ///
  /// @param may how long the next progress may take, by a time limit of its own
  public void allow(Duration may) {
    allowed = may.toNanos();
    moved = ticks.getAsLong();
  }

  /// The attempt begins to send content.
  ///
  /// @param bytes how long it is
  public void content(long bytes, Duration may) {
    step(Step.CONTENT, may);
    size = bytes;
  }

  /// So many bytes more of the content have been sent.
  public void sent(long bytes) {
    long before = sent;
    sent = before + bytes;
    moved = ticks.getAsLong();
  }

  /// The attempt deals with another one.
  public void with(Counterpart other) {
    with = other;
  }

  /// From now on the thread may wait for this connection.
  ///
  /// @param letGo closes it under whoever waits for it; does not wait itself, and may be called
  ///   more than once
  public void grip(Runnable letGo) {
    synchronized (hold) {
      grip = letGo;
      if (cut != null) {
        letGo.run();
      }
    }
  }

  /// The connection is not the attempt's any more: when this returns, nobody closes it.
  public void release() {
    synchronized (hold) {
      grip = null;
    }
  }

  /// A call that may wait.
  @FunctionalInterface
  public interface Call<T, E extends Exception> {
    T get() throws E;
  }

  /// Waits for something within this process, which an interrupt ends at once and without harm.
  ///
  /// @param may how long it may take, by a time limit of its own
  public <T, E extends Exception> T await(Step next, Duration may, Call<T, E> call) throws E {
    return interruptibly(next, may, false, call);
  }

  /// Looks something up: in a table, in the DNS. An interrupt ends it only when it takes long.
  public <T, E extends Exception> T lookup(Step next, Call<T, E> call) throws E {
    return interruptibly(next, Duration.ZERO, true, call);
  }

  private <T, E extends Exception> T interruptibly(
      Step next, Duration may, boolean patiently, Call<T, E> call) throws E {
    step(next, may);
    synchronized (hold) {
      waiting = Thread.currentThread();
      patient = patiently;
      if (cut != null) {
        pull();
      }
    }
    try {
      return call.get();
    } finally {
      synchronized (hold) {
        waiting = null;
        calm();
      }
    }
  }

  /// Whether the attempt has been cut, and is to begin nothing more.
  public boolean isCut() {
    return cut != null;
  }

  /// Whether it has made no progress for too long.
  ///
  /// @param longest how long that is, unless the step has a longer time limit of its own
  public boolean isStuck(Duration longest) {
    long limit = Math.max(longest.toNanos(), allowed + allowed / 10);
    return ticks.getAsLong() - moved > limit;
  }

  /// Ends the attempt from outside. It is as if the connection were lost; whatever its thread has
  /// found out by then stands.
  ///
  /// @return false if it has ended, or was cut before
  public boolean cut(Cut how) {
    synchronized (hold) {
      if (ended || cut != null) {
        return false;
      }
      cut = how;
      pull();
      return true;
    }
  }

  /// Tries again to end an attempt that was cut and goes on.
  public void insist() {
    synchronized (hold) {
      if (cut != null && !ended) {
        pull();
      }
    }
  }

  private void pull() {
    if (grip != null) {
      grip.run();
    }
    Thread thread = waiting;
    if (thread != null && (!patient || ticks.getAsLong() - moved > PATIENCE)) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /// Takes an interrupt of ours back, which is meant for this attempt alone.
  private void calm() {
    if (interrupted) {
      interrupted = false;
      var _ = Thread.interrupted();
    }
  }

  /// The attempt is over: from now on it cannot be cut. To be called on its thread.
  ///
  /// @return how it was cut, if it was
  public Optional<Cut> end() {
    synchronized (hold) {
      ended = true;
      grip = null;
      waiting = null;
      if (cut != null) {
        // those that an interrupt of ours has ended have set the mark again
        var _ = Thread.interrupted();
      }
      return Optional.ofNullable(cut);
    }
  }

  /// How it stands now.
  public Standing standing() {
    long now = ticks.getAsLong();
    Counterpart other = with;
    return new Standing(
        other.name(),
        other.from(),
        other.tls(),
        step,
        sent,
        size,
        Duration.ofNanos(now - begun),
        Duration.ofNanos(Math.max(0, now - moved)),
        Optional.ofNullable(cut));
  }
}
