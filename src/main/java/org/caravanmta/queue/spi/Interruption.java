package org.caravanmta.queue.spi;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQInterruptedException;
import org.jspecify.annotations.Nullable;

/// Ends one thread's waiting for mail at once, and never anything else it does: an interrupt in the
/// middle of a commit would leave its outcome unknown.
public final class Interruption {
  /// What is waited for, and may be given up.
  public interface Wait<T> {
    @Nullable T await() throws ActiveMQException, InterruptedException;
  }

  private @Nullable Thread waiting;
  private boolean asked;

  /// The result of `wait`, or null if it was ended, or would be.
  public <T> @Nullable T during(Wait<T> wait) throws ActiveMQException {
    synchronized (this) {
      if (asked) {
        return null;
      }
      waiting = Thread.currentThread();
    }
    try {
      return wait.await();
    } catch (InterruptedException | ActiveMQInterruptedException e) {
      return null;
    } finally {
      synchronized (this) {
        waiting = null;
        Thread.interrupted();
      }
    }
  }

  /// From now on nothing is waited for.
  public synchronized void ask() {
    asked = true;
    if (waiting != null) {
      waiting.interrupt();
    }
  }

  public synchronized boolean asked() {
    return asked;
  }
}
