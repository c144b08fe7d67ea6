package org.caravanmta.bench;

import java.util.stream.DoubleStream;

/// The middle of what was measured, between the two in the middle where they are even in number.
final class Median {
  private Median() {}

  static double of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
