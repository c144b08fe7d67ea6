package org.caravanmta.sasl.server;

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
import org.caravanmta.address.Literals;

/// Counts failed logins of a window of time, so that nobody can go on guessing (RFC 4954 §9): of a
/// client as anybody, and of a client as one user. What others have failed at is never held against
/// a client, or strangers could lock a user out.
public final class Failures {
  /// How many are remembered; past it those that have been quiet longest are forgotten.
  private static final int MOST = 100_000;

  /// A client has at least a /64 of IPv6 addresses.
  private static final int PREFIX_BYTES = 8;

  /// How many times the limit holds for a client that has logged in before: a program with an old
  /// password must not lock out the others at its address, nor its own user's other programs.
  private static final int KNOWN = 10;

  /// How long it is remembered that somebody has logged in.
  private static final Duration MEMORY = Duration.ofDays(30);

  private final FailureLimits limits;
  private final InstantSource clock;
  private final Cache<Who, Count> counts = Caffeine.newBuilder().maximumSize(MOST).build();
  private final Cache<Who, Instant> known = Caffeine.newBuilder().maximumSize(MOST).build();

  /// Who is counted: a client, or a client as a user.
  ///
  /// @param user empty for a client as anybody
  public record Who(String client, String user) {
    public static Who client(InetAddress address) {
      byte[] bytes = address.getAddress();
      return new Who(
          address instanceof Inet6Address
              ? HexFormat.of().formatHex(Arrays.copyOf(bytes, PREFIX_BYTES))
              : Literals.text(address),
          "");
    }

    /// In whatever case the name is given.
    Who as(String name) {
      return new Who(client, name.toLowerCase(Locale.ROOT));
    }
  }

  private record Count(int failures, Instant since) {}

  public Failures(FailureLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /// How long after the proof a failure is said, whatever it took to find out.
  public Duration delay() {
    return limits.failureDelay();
  }

  /// Counts a login as failed before it is tried, so that many at a time are no way around the
  /// limit.
  ///
  /// @return whether it may be tried; if not, it is not counted
  public boolean begin(Who who) {
    Instant now = clock.instant();
    int limit = limit(who, now);
    var admitted = new boolean[1];
    counts
        .asMap()
        .compute(
            who,
            (_, old) -> {
              Count before =
                  old == null || !now.isBefore(old.since().plus(limits.failureWindow()))
                      ? new Count(0, now)
                      : old;
              admitted[0] = before.failures() < limit;
              return admitted[0] ? new Count(before.failures() + 1, before.since()) : before;
            });
    return admitted[0];
  }

  /// The login that was begun has not failed.
  public void notFailed(Who who) {
    counts
        .asMap()
        .computeIfPresent(
            who,
            (_, count) ->
                count.failures() > 1 ? new Count(count.failures() - 1, count.since()) : null);
  }

  /// The client that has begun is known now.
  public void succeeded(Who who) {
    notFailed(who);
    known.put(who, clock.instant());
  }

  private int limit(Who who, Instant now) {
    int limit = who.user().isEmpty() ? limits.failureLimit() : limits.userFailureLimit();
    Instant last = known.getIfPresent(who);
    return last != null && now.isBefore(last.plus(MEMORY))
        ? (int) Math.min((long) limit * KNOWN, Integer.MAX_VALUE)
        : limit;
  }
}
