package org.caravanmta.story;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/// What has become of the messages that were answered 250 (RFC 5321 §4.2.5): each has come once, or
/// more than once, or it is lost, unless something has said of it by name what is wrong.
///
/// @param neither messages whose answer was never read, which may have come or not
record Account(int answered, long once, long moreThanOnce, SortedSet<String> lost, int neither) {
  private static final long LOOK_NANOS = 100_000_000;

  /// The account once nothing is missing, or nothing more has come for so long.
  static Account settled(Load load, Sink sink, Duration patience) {
    long seen = -1;
    long since = System.nanoTime();
    var account = of(load, sink);
    while (!account.lost.isEmpty() && System.nanoTime() - since < patience.toNanos()) {
      if (sink.messages.sum() != seen) {
        seen = sink.messages.sum();
        since = System.nanoTime();
      }
      LockSupport.parkNanos(LOOK_NANOS);
      account = of(load, sink);
    }
    return account;
  }

  static Account of(Load load, Sink sink) {
    var lost = new TreeSet<String>();
    long once = 0;
    long more = 0;
    for (String sequence : load.accepted) {
      var times = sink.arrived.get(sequence);
      if (times == null) {
        lost.add(sequence);
      } else if (times.get() == 1) {
        once++;
      } else {
        more++;
      }
    }
    return new Account(load.accepted.size(), once, more, lost, load.unanswered.size());
  }

  boolean balances() {
    return lost.isEmpty() && once + moreThanOnce == answered;
  }

  @Override
  public String toString() {
    return "%,d answered 250: %,d once, %,d more than once, %,d lost%s"
        .formatted(
            answered,
            once,
            moreThanOnce,
            lost.size(),
            lost.isEmpty() ? "" : " " + lost.stream().limit(10).toList());
  }
}
