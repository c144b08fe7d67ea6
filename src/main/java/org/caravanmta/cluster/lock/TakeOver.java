package org.caravanmta.cluster.lock;

/// The journal of a node that is gone, while this node puts the copies of it on its own queues.
public final class TakeOver implements AutoCloseable {
  /// Notes something in the lock service.
  @FunctionalInterface
  interface Completion {
    void complete() throws LocksUnavailable, InterruptedException;
  }

  private final JournalLock lock;
  private final Completion completion;
  private final Runnable end;

  TakeOver(JournalLock lock, Completion completion, Runnable end) {
    this.lock = lock;
    this.completion = completion;
    this.end = end;
  }

  /// The node that is taken over.
  public String node() {
    return lock.journal();
  }

  /// Whether nobody else can be at it now. What is begun while this says no may be done twice.
  public boolean holds() {
    return lock.holds();
  }

  /// Notes that all of it is on our queues.
  ///
  /// @throws LocksUnavailable if the lock service does not answer, or the lock is not ours any more
  public void complete() throws LocksUnavailable, InterruptedException {
    completion.complete();
  }

  /// Gives the lock back: its owner may come again.
  @Override
  public void close() {
    end.run();
  }
}
