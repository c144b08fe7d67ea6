package org.caravanmta.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The time at the beginning of lines, to the second; made once for all lines of a second.
final class Stamps {
  private record Second(long number, String text) {}

  private final DateTimeFormatter pattern;
  private volatile Second last = new Second(Long.MIN_VALUE, "");

  private Stamps(String pattern, ZoneId zone) {
    this.pattern = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(zone);
  }

  /// `2026-11-28T17:00:00`.
  static Stamps utc() {
    return new Stamps("uuuu-MM-dd'T'HH:mm:ss", ZoneOffset.UTC);
  }

  /// `Nov 8 17:00:00`.
  static Stamps local() {
    return in(ZoneId.systemDefault());
  }

  static Stamps in(ZoneId zone) {
    return new Stamps("MMM ppd HH:mm:ss", zone);
  }

  String second(long millis) {
    long number = Math.floorDiv(millis, 1000);
    Second known = last;
    if (known.number() != number) {
      known = new Second(number, pattern.format(Instant.ofEpochSecond(number)));
      last = known;
    }
    return known.text();
  }
}
