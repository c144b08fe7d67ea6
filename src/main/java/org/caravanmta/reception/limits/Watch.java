package org.caravanmta.reception.limits;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A timer that watches a session's {@link Deadline} (RFC 5321 §4.5.3.2). On the session's event
/// loop.
public final class Watch {
  /// Nanoseconds between two looks at most: the deadline comes nearer when the server gets under
  /// stress.
  private static final long GLANCE = TimeUnit.SECONDS.toNanos(10);

  private final Deadline deadline;
  private @Nullable ScheduledFuture<?> timer;

  public Watch(Supplier<Patience> patience) {
    deadline = new Deadline(patience, System.nanoTime());
  }

  /// Begins to watch.
  ///
  /// @param late run once, when the client has taken too long
  public void begin(EventExecutor executor, Runnable late) {
    long left = deadline.left(System.nanoTime());
    if (left <= 0) {
      late.run();
    } else {
      timer =
          executor.schedule(
              () -> begin(executor, late), Math.min(left, GLANCE), TimeUnit.NANOSECONDS);
    }
  }

  /// Gives the client its whole time again.
  public void restart() {
    deadline.restart(System.nanoTime());
  }

  /// Gives the client more time for content that has arrived.
  public void credit(long bytes) {
    deadline.credit(bytes, System.nanoTime());
  }

  /// Stops watching.
  public void end() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
