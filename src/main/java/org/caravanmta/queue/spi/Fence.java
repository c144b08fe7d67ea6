package org.caravanmta.queue.spi;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Whether stages may begin anything: a node of a cluster that has lost its lock, or cannot record
/// what becomes of its mail, begins nothing, for another node may be at it already. Nothing is
/// pushed over the fence: whoever takes from a queue looks whether it is open.
public final class Fence {
  /// Always open.
  public static final Fence NONE = new Fence(() -> true, () -> true);

  /// How often it is looked at while it is closed, in milliseconds.
  private static final long GLANCE = 50;

  private final BooleanSupplier open;
  private final BooleanSupplier ours;

  /// @param open asked before each message; must be quick
  /// @param ours whether what has begun may go on: nobody else can be at it; likewise
  public Fence(BooleanSupplier open, BooleanSupplier ours) {
    this.open = open;
    this.ours = ours;
  }

  /// Whether what has begun may go on.
  public boolean mayGoOn() {
    return ours.getAsBoolean();
  }

  public boolean isOpen() {
    return open.getAsBoolean();
  }

  /// Waits until it is open.
  ///
  /// @param patience in milliseconds
  /// @return the milliseconds that are left; a negative number if it is closed still
  public long await(long patience) throws InterruptedException {
    if (isOpen()) {
      return patience;
    }
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience);
    while (!isOpen()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return -1;
      }
      Thread.sleep(Math.min(left, GLANCE));
    }
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
  }
}
