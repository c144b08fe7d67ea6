package org.caravanmta.share;

import java.time.Duration;

/// What is wanted of a limit on this node.
///
/// @param atWork tasks that are at work
/// @param wanted tasks that could be at work, those that are included
/// @param rest how long it is until the next may begin after those that have begun here
public record Demand(int atWork, int wanted, Duration rest) {
  public static final Demand NONE = new Demand(0, 0, Duration.ZERO);

  /// How long ago a task may have been refused for it to be wanted still, in nanoseconds.
  private static final long FRESH = 1_000_000_000L;

  /// Of some that are here: with as many more as may come until the next answer. Who rests keeps
  /// its part, for others would have to rest with it.
  ///
  /// @param refused when one had to wait elsewhere, as {@link System#nanoTime}; 0 for never
  /// @param most that are of use
  public static Demand of(int atWork, int here, long refused, int most, Duration rest) {
    boolean more = refused != 0 && System.nanoTime() - refused < FRESH;
    long wanted = more ? most : here == 0 ? 0 : Math.min(most, 2L * here + 2);
    return new Demand(atWork, (int) Math.max(wanted, rest.isPositive() ? 1 : 0), rest);
  }

  /// Whether nothing is wanted, and nothing at work.
  public boolean isNone() {
    return atWork == 0 && wanted == 0;
  }
}
