package org.caravanmta.queue.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Spans of age that follow one another from 0, of which the last has no end (postfix `qshape(1)`,
/// `-b`, `-t`, `-l`): each ends at twice the age at which the one before it does, or, when linear,
/// so many minutes later.
///
/// @param count how many
/// @param first minutes in the first
public record AgeBuckets(int count, long first, boolean linear) {
  /// As many as qshape has when nothing else is said.
  public static final int COUNT = 10;

  /// Minutes in the first, likewise.
  public static final long FIRST = 5;

  /// Twice the age, so often, is ages beyond all mail; and a table wider than any screen.
  private static final int MOST = 32;

  /// A year, in minutes.
  private static final long LONGEST = 365L * 24 * 60;

  /// @throws IllegalArgumentException if there are none, or too many, or the first is too short or
  ///   too long
  public AgeBuckets {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "the number of buckets is from 1 to " + MOST + ", not " + count);
    }
    if (first < 1 || first > LONGEST) {
      throw new IllegalArgumentException(
          "the first bucket has from 1 to " + LONGEST + " minutes, not " + first);
    }
  }

  /// Where each but the last ends, in minutes.
  public List<Long> ends() {
    var ends = new ArrayList<Long>();
    long end = first;
    while (ends.size() < count - 1) {
      ends.add(end);
      end += linear ? first : end;
    }
    return ends;
  }

  /// The number, from 0, of the one that an age belongs to. What comes from the future is young.
  int of(Duration age) {
    int bucket = 0;
    for (long end : ends()) {
      if (age.compareTo(Duration.ofMinutes(end)) < 0) {
        break;
      }
      bucket++;
    }
    return bucket;
  }
}
