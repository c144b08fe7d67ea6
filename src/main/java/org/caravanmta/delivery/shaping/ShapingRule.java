package org.caravanmta.delivery.shaping;

import java.time.Duration;
import java.util.Optional;

/// A rule of the shaping table: the limits of one destination, or of the servers whose names match
/// a pattern.
///
/// @param place where it stands, `config/shaping:41`
/// @param key as it is written, in lower case
public record ShapingRule(String place, String key, Given given) {
  /// What comes before a pattern of names of servers.
  static final String SERVERS = "mx:";

  /// The limits, each absent if the rule says nothing of it.
  ///
  /// @param concurrency the most tasks at work for the destination at a time
  /// @param connections the most connections with the servers at a time, over all destinations
  /// @param rate how often a message may begin, at the destination or at the servers
  /// @param messagesPerConnection the most messages that one connection carries; 0 for any number
  /// @param rateDelay how long the destination is left alone after each task, which then go one at
  ///   a time
  public record Given(
      Optional<Integer> concurrency,
      Optional<Integer> connections,
      Optional<Rate> rate,
      Optional<Integer> messagesPerConnection,
      Optional<Duration> rateDelay) {}

  /// Whether it is about servers, not about a destination.
  public boolean isOfServers() {
    return key.startsWith(SERVERS);
  }

  /// The pattern of names of servers.
  String pattern() {
    return key.substring(SERVERS.length());
  }

  /// One of its limits with where it comes from: `concurrency=3, config/shaping:41 (example.net)`.
  public String origin(String name, Object value) {
    return name + "=" + value + ", " + place + " (" + key + ")";
  }
}
