package org.caravanmta.share;

import java.time.Duration;

/// The whole of a limit.
record Whole(CommonLimit limit) implements Share {
  @Override
  public Portion part() {
    return new Portion(limit.most(), 1, Duration.ZERO, true);
  }

  @Override
  public void want() {
    // there is no more
  }

  @Override
  public void close() {
    // nobody else has it
  }
}
