package org.caravanmta.filter.contract;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The servers of one content filter that follows dialogues: one is chosen when a session begins,
/// and kept for it. If it fails, another follows from the next transaction on, and is told what has
/// been said.
public final class FollowedServers implements DialogueFilter {
  /// A session that tries a server again may be idle.
  private static final Duration TRIAL = Duration.ofMinutes(1);

  private final ServerChoice<DialogueFilter> servers;

  /// @param step the filter, as the step of a route names it
  /// @param filters by the names that the log has for them
  /// @param prompt a server that fails within this time when it is first told of something does not
  ///   cost that its filter, if there is another
  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public FollowedServers(
      String step,
      Map<String, DialogueFilter> filters,
      Duration prompt,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random) {
    this.servers =
        new ServerChoice<>(
            step, filters, new ServerChoice.Terms(prompt, TRIAL, clock, ticks, random));
  }

  @Override
  public Follower follow() {
    return new ServedFollower(servers, false);
  }

  @Override
  public Follower followLater() {
    return new ServedFollower(servers, true);
  }

  @Override
  public void revive() {
    servers.revive();
  }

  @Override
  public void close() {
    servers.close(DialogueFilter::close);
  }
}
