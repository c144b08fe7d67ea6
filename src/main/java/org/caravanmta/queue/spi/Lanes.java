package org.caravanmta.queue.spi;

import java.util.concurrent.Callable;

/// The readers of the lanes, `deferred.*`: each holds the head of its lane until it is due, where
/// nobody else can take it.
public interface Lanes {
  /// Makes everything that waits now due now.
  void flush();

  /// Does `work` while the readers have put back what they held, then lets them take it again.
  <T> T aside(Callable<T> work) throws Exception;
}
