package org.caravanmta.queue.camel;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.queue.spi.Frame;
import org.jspecify.annotations.Nullable;

/// What a message that a stage has taken turns into: the frames that its route has sent so far.
/// They leave in the transaction that acknowledges the message, and only when the route has
/// succeeded.
///
/// A failure route speaks for the whole message, so what it sends replaces all that the broken
/// route sent before; the first failure counts, where a split message has several.
final class Settlement {
  /// The exchange property that holds it; copies of the exchange (splits, multicasts) share it.
  static final String PROPERTY = "settlement";

  private List<Frame> frames = new ArrayList<>();
  private @Nullable Throwable failure;
  private boolean closed;

  /// Takes these frames along.
  ///
  /// @param handled the failure that the sending step is the consequence of, if it is
  /// @return false if the message has been settled already: the sender is on its own
  synchronized boolean collect(@Nullable Throwable handled, List<Frame> more) {
    if (closed) {
      return false;
    }
    if (handled != null && failure == null) {
      failure = handled;
      frames = new ArrayList<>();
    }
    if (handled == failure) {
      frames.addAll(more);
    }
    return true;
  }

  synchronized List<Frame> close() {
    closed = true;
    return frames;
  }
}
