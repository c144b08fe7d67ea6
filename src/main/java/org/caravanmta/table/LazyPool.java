package org.caravanmta.table;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pool of connections that is opened when it is first needed, so that a mere check of the
/// settings (`caravan check`) connects to nothing. Once closed, it is not opened again.
///
/// @param <P> the pool
/// @param <E> the exception that opening it may throw
final class LazyPool<P, E extends Exception> implements AutoCloseable {
  /// Opens the pool.
  interface Opening<P, E extends Exception> {
    P open() throws E;
  }

  private final Opening<P, E> opening;
  private final Consumer<P> closing;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable P pool;
  private boolean closed;

  LazyPool(Opening<P, E> opening, Consumer<P> closing) {
    this.opening = opening;
    this.closing = closing;
  }

  /// The pool, opened if it is not open yet.
  ///
  /// @throws E if it cannot be opened; the next call tries again
  /// @throws IllegalStateException if it has been closed
  P get() throws E {
    P open = pool;
    if (open != null) {
      return open;
    }
    lock.lock();
    try {
      open = pool;
      if (closed) {
        throw new IllegalStateException("closed");
      }
      if (open == null) {
        open = opening.open();
        pool = open;
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      P open = pool;
      pool = null;
      if (open != null) {
        closing.accept(open);
      }
    } finally {
      lock.unlock();
    }
  }
}
