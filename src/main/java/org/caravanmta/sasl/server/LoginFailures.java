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

/// Counts failed logins in a window of time, so that nobody can go on guessing (RFC 4954 §9): for
/// each client, and for each client and user together. Failures of other clients never count
/// against a client; otherwise strangers could lock a user out. Safe for use by several threads.
public final class LoginFailures {
  /// How many clients are remembered; beyond that, those that have been quiet the longest are
  /// forgotten.
  private static final int MOST_REMEMBERED = 100_000;

  /// How many bytes of an IPv6 address identify a client, which has a /64 of addresses or more.
  private static final int PREFIX_BYTES = 8;

  /// By how much the limits are multiplied for a client that has logged in before: a program with
  /// an old password must not lock out others at the same address, nor other programs of its own
  /// user.
  private static final int KNOWN_FACTOR = 10;

  /// How long it is remembered that a client has logged in.
  private static final Duration MEMORY = Duration.ofDays(30);

  private final FailureLimits limits;
  private final InstantSource clock;
  private final Cache<Who, Count> counts =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();
  private final Cache<Who, Instant> known =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

  /// What is counted: the logins of a client, or of a client as one user.
  ///
  /// @param client the address, of IPv6 only the first 64 bits
  /// @param user in lower case; empty for the logins of the client as any user
  public record Who(String client, String user) {
    /// A client, as any user.
    public static Who client(InetAddress address) {
      byte[] bytes = address.getAddress();
      return new Who(
          address instanceof Inet6Address
              ? HexFormat.of().formatHex(Arrays.copyOf(bytes, PREFIX_BYTES))
              : Literals.text(address),
          "");
    }

    /// This client as one user, whose name counts in any case.
    Who as(String name) {
      return new Who(client, name.toLowerCase(Locale.ROOT));
    }
  }

  private record Count(int failures, Instant since) {}

  public LoginFailures(FailureLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /// How long after the last response the reply to a failed login comes, however long the check
  /// took.
  public Duration delay() {
    return limits.failureDelay();
  }

  /// Counts a login as failed before it is tried, so that many logins at a time cannot exceed the
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

  /// Takes back the count of {@link #begin}: the login has not failed.
  public void notFailed(Who who) {
    counts
        .asMap()
        .computeIfPresent(
            who,
            (_, count) ->
                count.failures() > 1 ? new Count(count.failures() - 1, count.since()) : null);
  }

  /// The login has succeeded: its count is taken back, and the client is remembered.
  public void succeeded(Who who) {
    notFailed(who);
    known.put(who, clock.instant());
  }

  private int limit(Who who, Instant now) {
    int limit = who.user().isEmpty() ? limits.failureLimit() : limits.userFailureLimit();
    Instant last = known.getIfPresent(who);
    return last != null && now.isBefore(last.plus(MEMORY))
        ? (int) Math.min((long) limit * KNOWN_FACTOR, Integer.MAX_VALUE)
        : limit;
  }
}
