package org.caravanmta.reception.session;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.StoredSpool;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.MemoryBudget;
import org.jspecify.annotations.Nullable;

/// Carries a large body from the session's event loop into a file: blocks go over to a virtual
/// thread that writes them, and when it falls behind the session stops reading, so that a session
/// holds less than a megabyte whatever the message's size, and a few blocks when memory is short. A
/// block counts for the session while it is filled, and then until it is written, even if the
/// session ends before.
final class BodySpool {
  private static final int BLOCK = 64 * 1024;
  // bytes on their way at which the session stops reading, and at which it goes on
  private static final int HIGH = 512 * 1024;
  private static final int LOW = 128 * 1024;
  // bytes of a block when memory is short
  private static final int SMALL = 8 * 1024;

  private static final byte[] NOTHING = {};

  private sealed interface Step {}

  private record Block(byte[] bytes, int length) implements Step {}

  private record Finish(Consumer<Outcome> then) implements Step {}

  private record Abandon() implements Step {}

  /// What became of the body.
  sealed interface Outcome {
    /// It is on stable storage.
    record Kept(Content.Stored content) implements Outcome {}

    record Lost(Exception why) implements Outcome {}
  }

  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final AtomicInteger onTheWay = new AtomicInteger();
  private final Executor session;
  private final Holding holding;
  private final MemoryBudget budget;
  private byte[] block = NOTHING;
  private int filled;
  // bytes on their way at which the session goes on
  private volatile int low = LOW;
  private volatile boolean lagging;

  /// @param session runs what concerns the session on the session's thread
  /// @param holding what the session holds of the memory of all
  BodySpool(ContentStore store, String id, Executor session, Holding holding) {
    this.session = session;
    this.holding = holding;
    this.budget = holding.budget();
    Thread.ofVirtual().name("spool " + id).start(() -> write(store, id));
  }

  /// Takes a piece of the body: it is for the caller to mind {@link #lagging}.
  ///
  /// @return whether there is memory for it; if not, the body cannot be kept
  boolean add(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (filled == 0) {
        int size = budget.tight() ? SMALL : BLOCK;
        if (!holding.grow(Holding.What.BLOCK, size)) {
          return false;
        }
        block = new byte[size];
      }
      int count = Math.min(to - at, block.length - filled);
      System.arraycopy(bytes, at, block, filled, count);
      filled += count;
      at += count;
      if (filled == block.length) {
        handOver();
      }
    }
    return true;
  }

  boolean lagging() {
    return lagging;
  }

  /// Ends the body; `then` is told on the session's thread what became of it.
  void finish(Consumer<Outcome> then) {
    handOver();
    steps.add(new Finish(then));
  }

  /// Removes what has been written; nothing is told.
  void abandon() {
    holding.count(Holding.What.BLOCK, 0);
    steps.add(new Abandon());
  }

  private void handOver() {
    if (filled > 0) {
      holding.count(Holding.What.BLOCK, 0);
      budget.takeAnyway(block.length);
      boolean tight = budget.tight();
      low = tight ? 0 : LOW;
      int ahead = onTheWay.addAndGet(filled);
      steps.add(new Block(block, filled));
      if (ahead > (tight ? SMALL : HIGH)) {
        lagging = true;
        // the writer may have caught up before it could see that
        lagging = onTheWay.get() > low;
      }
      filled = 0;
      block = NOTHING;
    }
  }

  private void write(ContentStore store, String id) {
    @Nullable StoredSpool spool = null;
    @Nullable Exception failure = null;
    while (true) {
      try {
        switch (steps.take()) {
          case Block(byte[] bytes, int length) -> {
            try {
              if (failure == null) {
                spool = spool == null ? store.create(id) : spool;
                spool.write(bytes, 0, length);
              }
            } finally {
              budget.give(bytes.length);
              written(length);
            }
          }
          case Finish(Consumer<Outcome> then) -> {
            Outcome outcome = outcome(spool, failure);
            onSession(() -> then.accept(outcome));
            return;
          }
          case Abandon() -> {
            if (spool != null) {
              spool.abort();
            }
            return;
          }
        }
      } catch (IOException | RuntimeException e) {
        // what still comes is dropped
        failure = e;
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts a spool", e);
      }
    }
  }

  private static Outcome outcome(@Nullable StoredSpool spool, @Nullable Exception failure) {
    if (failure == null && spool != null) {
      try {
        return new Outcome.Kept(spool.finish());
      } catch (IOException | RuntimeException e) {
        return new Outcome.Lost(e);
      }
    }
    if (spool != null) {
      spool.abort();
    }
    return new Outcome.Lost(failure == null ? new IOException("an empty body") : failure);
  }

  private void written(int length) {
    if (onTheWay.addAndGet(-length) <= low && lagging) {
      lagging = false;
      // that the session has something to do is enough: it reads on
      onSession(() -> {});
    }
  }

  private void onSession(Runnable task) {
    try {
      session.execute(task);
    } catch (RejectedExecutionException e) {
      // the process is stopping; a body that nobody refers to is swept at its next start
    }
  }
}
