package org.caravanmta.queue.spi;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Is told what comes to the queues of the broker in this process and what leaves them, so that
/// there can be a copy elsewhere.
public interface QueueFollower {
  /// Makes a copy of what is about to be put on a queue for somebody who waits for it.
  ///
  /// @param copied told once: null when there is a copy, or none is needed, else why there is none
  void first(long number, Frame frame, Consumer<@Nullable Throwable> copied);

  /// What there was to be a copy of is not put on a queue after all, or nobody waits for the copy
  /// any more.
  void withdraw(long number);

  /// What one transaction of the broker's has changed; the order of calls is that of the
  /// transactions, as far as the same message is concerned.
  void committed(Collection<Placed> gone, Collection<Placed> come);
}
