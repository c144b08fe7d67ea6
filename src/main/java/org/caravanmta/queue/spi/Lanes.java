package org.caravanmta.queue.spi;

import java.util.Optional;
import java.util.concurrent.Callable;

/// The readers of the lanes, `deferred.*`: each holds the head of its lane until it is due, where
/// nobody else can take it.
public interface Lanes {
  /// Makes everything that waits now due now.
  void flush();

  /// Where mail goes that the operator has tried now: the lane with the shortest wait, whose reader
  /// takes at once what a verb has moved there, and gives it back no faster than it leaves. Absent
  /// where no lane is read here.
  Optional<String> first();

  /// Does `work` while the readers have put back what they held, then lets them take it again.
  <T> T aside(Callable<T> work) throws Exception;
}
