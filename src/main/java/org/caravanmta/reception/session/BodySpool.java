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

/// The way of a large body (RFC 5321 §4.5.3.1.7) from the session's event loop into a file: the
/// session fills blocks, and a virtual thread writes them. When the thread falls behind, the
/// session stops reading, so that it holds less than a megabyte whatever the size of the message,
/// and a few blocks when memory is short. A block counts against the memory budget until it has
/// been written, even if the session ends before.
final class BodySpool {
  /// Bytes of a block: enough for each write to be cheap, and few enough to have in many sessions.
  private static final int BLOCK = 64 * 1024;

  /// Bytes not yet written above which the session stops reading.
  private static final int HIGH = 512 * 1024;

  /// Bytes not yet written at which the session reads on.
  private static final int LOW = 128 * 1024;

  /// Bytes of a block when memory is short; also the bytes not yet written above which the session
  /// then stops reading.
  private static final int SMALL = 8 * 1024;

  private static final byte[] NOTHING = {};

  /// What the writing thread has to do next.
  private sealed interface Step {}

  /// Writes the first `length` bytes of a block.
  private record Block(byte[] bytes, int length) implements Step {}

  /// Brings the file to stable storage, and tells what became of the body.
  private record Finish(Consumer<Outcome> then) implements Step {}

  /// Removes the file.
  private record Abandon() implements Step {}

  /// What became of the body.
  sealed interface Outcome {
    /// The body is on stable storage.
    record Kept(Content.Stored content) implements Outcome {}

    /// The body could not be written, and nothing of it is left.
    record Lost(Exception why) implements Outcome {}
  }

  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  // bytes handed over and not yet written
  private final AtomicInteger onTheWay = new AtomicInteger();
  private final Executor session;
  private final Holding holding;
  private final MemoryBudget budget;
  private byte[] block = NOTHING;
  private int filled;
  // bytes not yet written at which the session reads on
  private volatile int low = LOW;
  private volatile boolean lagging;

  /// @param id the message's, under which the body is stored
  /// @param session runs a task on the session's thread
  /// @param holding what the session holds of the memory budget
  BodySpool(ContentStore store, String id, Executor session, Holding holding) {
    this.session = session;
    this.holding = holding;
    this.budget = holding.budget();
    Thread.ofVirtual().name("spool " + id).start(() -> write(store, id));
  }

  /// Takes a piece of the body; the caller stops when {@link #lagging} says so.
  ///
  /// @return whether there is memory for the piece; if not, the body has to be abandoned
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

  /// Whether so much has not been written yet that the session should stop reading.
  boolean lagging() {
    return lagging;
  }

  /// Ends the body, and tells `then` on the session's thread what became of it.
  void finish(Consumer<Outcome> then) {
    handOver();
    steps.add(new Finish(then));
  }

  /// Removes what has been written, and tells nobody.
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
        // the thread may have written everything before it could see the flag
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
        // the blocks that follow are dropped
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
      // any task makes the session read on
      onSession(() -> {});
    }
  }

  private void onSession(Runnable task) {
    try {
      session.execute(task);
    } catch (RejectedExecutionException e) {
      // the process is stopping; a body that no queue refers to is removed at the next start
    }
  }
}
