package org.caravanmta.message;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/// Draws one of several by their weights.
public final class Draw {
  private Draw() {}

  /// The index of the one drawn.
  ///
  /// @param all at least one
  /// @param weight of each, at least 1
  public static <T> int of(List<T> all, ToIntFunction<T> weight, RandomGenerator random) {
    int drawn = random.nextInt(all.stream().mapToInt(weight).sum());
    int at = 0;
    while (drawn >= weight.applyAsInt(all.get(at))) {
      drawn -= weight.applyAsInt(all.get(at));
      at++;
    }
    return at;
  }
}
