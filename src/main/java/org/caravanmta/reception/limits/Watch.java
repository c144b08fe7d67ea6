package org.caravanmta.reception.limits;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks at a session's {@link Deadline} until it is over (RFC 5321 §4.5.3.2).
public final class Watch {
  /// How often it looks: the deadline comes nearer when the server gets under stress.
  private static final long GLANCE = TimeUnit.SECONDS.toNanos(10);

  private final Deadline deadline;
  private @Nullable ScheduledFuture<?> timer;

  public Watch(Supplier<Patience> patience) {
    deadline = new Deadline(patience, System.nanoTime());
  }

  /// @param late runs once when the client has taken too long
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

  /// The client's part begins anew.
  public void restart() {
    deadline.restart(System.nanoTime());
  }

  /// So much content has come.
  public void credit(long bytes) {
    deadline.credit(bytes, System.nanoTime());
  }

  public void end() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
