package org.caravanmta.delivery.remote;

import java.time.Duration;

/// How much work a transport does at one time, and how destinations share it.
///
/// @param concurrency tasks at work for one destination
/// @param total tasks at work for all of them
/// @param room tasks that wait for their turn, for all of them; one destination has at most half of
///   what is free of it
/// @param longest how long a task waits there
/// @param patience how long a task that finds no room waits before it is turned away: a fast
///   destination makes some
/// @param rest how long a destination is left alone after each task; tasks then go one at a time;
///   zero for no time (postfix `default_destination_rate_delay`)
/// @param alone whether a destination that is the only one may have the whole window: what it does
///   not take stays in the queue
public record Load(
    int concurrency,
    int total,
    int room,
    Duration longest,
    Duration patience,
    Duration rest,
    boolean alone) {
  public Load {
    concurrency = rest.isPositive() ? 1 : concurrency;
  }
}
