package org.caravanmta.message;

import java.time.Instant;
import java.time.InstantSource;

/// Makes the names of messages, in the manner of Postfix's long queue ids: seconds, microseconds,
/// `z`, then a count that starts at random. Letters and digits without vowels, so that no name
/// spells a word; sorts by time; never used twice by one process, and two processes collide only in
/// the same microsecond with the same count.
public final class QueueIds {
  private static final char[] DIGITS =
      "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz".toCharArray();

  private final InstantSource clock;
  private long count;

  public QueueIds(InstantSource clock, long firstCount) {
    this.clock = clock;
    this.count = Math.floorMod(firstCount, 1L << 24);
  }

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
