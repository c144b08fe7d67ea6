package org.caravanmta.share;

import java.time.Duration;

/// What of a limit is this node's now.
///
/// @param places the most tasks at work at a time on this node
/// @param sharers how many nodes have a part now: a rest between tasks that all nodes have in
///   common is as many times as long on each of them
/// @param rest before it is over no task begins, since one has just begun on another node
/// @param asked whether it is an answer to what is wanted here; else it is what every node has
///   without asking, and more may come in a moment
public record Portion(int places, int sharers, Duration rest, boolean asked) {
  /// What is had without asking.
  public static Portion unasked(int places) {
    return new Portion(places, 1, Duration.ZERO, false);
  }
}
