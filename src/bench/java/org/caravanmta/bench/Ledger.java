package org.caravanmta.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/// When each message of a round was handed over, answered 250, and had reached the next hop with
/// all its recipients; times are nanoseconds of {@link System#nanoTime}.
final class Ledger {
  private final int recipients;
  private final int base;
  private final AtomicLongArray ended;
  private final AtomicLongArray answered;
  private final AtomicLongArray arrived;
  private final AtomicIntegerArray taken;
  private final AtomicInteger whole = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /// @param base the number of the round's first message: numbers are never used again
  Ledger(Load load, int base) {
    this.recipients = load.recipients();
    this.base = base;
    this.ended = new AtomicLongArray(load.messages());
    this.answered = new AtomicLongArray(load.messages());
    this.arrived = new AtomicLongArray(load.messages());
    this.taken = new AtomicIntegerArray(load.messages());
  }

  int base() {
    return base;
  }

  void ended(int message) {
    ended.set(message, System.nanoTime());
  }

  void answered(int message) {
    answered.set(message, System.nanoTime());
  }

  void refused() {
    refused.incrementAndGet();
  }

  int refusals() {
    return refused.get();
  }

  /// The next hop has taken `count` recipients of a message.
  void arrived(int number, int count) {
    int message = number - base;
    if (message < 0 || message >= taken.length()) {
      return;
    }
    int before = taken.getAndAdd(message, count);
    if (before < recipients && before + count >= recipients) {
      arrived.set(message, System.nanoTime());
      whole.incrementAndGet();
    }
  }

  int whole() {
    return whole.get();
  }

  int accepted() {
    int count = 0;
    for (int i = 0; i < answered.length(); i++) {
      count += answered.get(i) == 0 ? 0 : 1;
    }
    return count;
  }

  /// Messages of which the next hop has taken more recipients than there are.
  int twice() {
    int count = 0;
    for (int i = 0; i < taken.length(); i++) {
      count += taken.get(i) > recipients ? 1 : 0;
    }
    return count;
  }

  long lastAnswer() {
    return last(answered);
  }

  long lastArrival() {
    return last(arrived);
  }

  /// How long the end of data waited for its 250.
  Percentiles replies() {
    return between(ended, answered);
  }

  /// From the 250 to the next hop; nothing for what was there before its 250 was read.
  Percentiles journeys() {
    return between(answered, arrived);
  }

  private static long last(AtomicLongArray times) {
    long last = 0;
    for (int i = 0; i < times.length(); i++) {
      long time = times.get(i);
      last = time != 0 && (last == 0 || time - last > 0) ? time : last;
    }
    return last;
  }

  private static Percentiles between(AtomicLongArray from, AtomicLongArray to) {
    long[] spans = new long[from.length()];
    int count = 0;
    for (int i = 0; i < spans.length; i++) {
      if (from.get(i) != 0 && to.get(i) != 0) {
        spans[count++] = Math.max(0, to.get(i) - from.get(i));
      }
    }
    spans = Arrays.copyOf(spans, count);
    Arrays.sort(spans);
    return count == 0
        ? new Percentiles(0, 0)
        : new Percentiles(
            spans[count / 2] / 1e6, spans[Math.min(count - 1, count * 99 / 100)] / 1e6);
  }

  /// The middle, and what one in a hundred exceeds, in milliseconds.
  record Percentiles(double p50, double p99) {}
}
