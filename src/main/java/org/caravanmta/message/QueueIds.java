package org.caravanmta.message;

import java.time.Instant;
import java.time.InstantSource;

/// Makes queue ids in the form of Postfix's long ids (postfix `enable_long_queue_ids`): seconds,
/// microseconds, `z`, and a count that starts at random. They are of digits and consonants, so that
/// no id spells a word, and sort by time. Two processes make the same id only in the same
/// microsecond with the same count; one process never does.
public final class QueueIds {
  private static final char[] DIGITS =
      "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz".toCharArray();

  private final InstantSource clock;
  private long count;

  /// @param firstCount any number, best at random
  public QueueIds(InstantSource clock, long firstCount) {
    this.clock = clock;
    this.count = Math.floorMod(firstCount, 1L << 24);
  }

  /// A new id, of 16 characters.
  public synchronized String next() {
    Instant now = clock.instant();
    var id = new StringBuilder(16);
    digits(id, now.getEpochSecond(), 6);
    digits(id, now.getNano() / 1000, 4);
    id.append('z');
    count = (count + 1) % (1L << 24);
    digits(id, count, 5);
    return id.toString();
  }

  private static void digits(StringBuilder into, long value, int length) {
    int start = into.length();
    long rest = value;
    for (int i = 0; i < length; i++) {
      into.insert(start, DIGITS[(int) (rest % DIGITS.length)]);
      rest /= DIGITS.length;
    }
  }
}
