package org.caravanmta.sasl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/// Counts failed logins of a window of time, so that nobody can go on guessing (RFC 4954 §9): per
/// client, and per user, since a user may be guessed at from many places.
public final class Failures {
  /// Clients and users remembered; past it the ones that have been quiet longest are forgotten.
  private static final int MOST = 100_000;

  /// A client has at least a /64 of IPv6 addresses.
  private static final int PREFIX_BYTES = 8;

  private final int limit;
  private final Duration window;
  private final InstantSource clock;
  private final Cache<String, Count> counts = Caffeine.newBuilder().maximumSize(MOST).build();

  private record Count(int failures, Instant since) {}

  /// @param limit failures in a window after which no login is tried
  public Failures(int limit, Duration window, InstantSource clock) {
    this.limit = limit;
    this.window = window;
    this.clock = clock;
  }

  /// Counts a login as failed before it is tried, so that many at a time are no way around the
  /// limit.
  ///
  /// @return whether it may be tried; if not, it is not counted
  public boolean begin(String who) {
    Instant now = clock.instant();
    var admitted = new boolean[1];
    counts
        .asMap()
        .compute(
            who,
            (_, old) -> {
              Count before =
                  old == null || !now.isBefore(old.since().plus(window)) ? new Count(0, now) : old;
              admitted[0] = before.failures() < limit;
              return admitted[0] ? new Count(before.failures() + 1, before.since()) : before;
            });
    return admitted[0];
  }

  /// The login that was begun has not failed.
  public void notFailed(String who) {
    counts
        .asMap()
        .computeIfPresent(
            who,
            (_, count) ->
                count.failures() > 1 ? new Count(count.failures() - 1, count.since()) : null);
  }

  /// What a client is counted as.
  public static String client(InetAddress address) {
    byte[] bytes = address.getAddress();
    return "client "
        + (address instanceof Inet6Address
            ? HexFormat.of().formatHex(Arrays.copyOf(bytes, PREFIX_BYTES))
            : address.getHostAddress());
  }

  /// What a user is counted as, in whatever case the name is given.
  static String user(String name) {
    return "user " + name.toLowerCase(Locale.ROOT);
  }
}
