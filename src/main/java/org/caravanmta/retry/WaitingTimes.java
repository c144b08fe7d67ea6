package org.caravanmta.retry;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Require;

/// How long mail waits (RFC 5321 §4.5.4.1): keys of the section `queue`.
///
/// @param lanes at least one, growing; each is a queue, `deferred.5m`
/// @param lifetime how old a message gets before recipients who still wait have failed
/// @param delayWarning how old it gets before its sender is told that it waits; zero for never
public record WaitingTimes(List<Duration> lanes, Duration lifetime, Duration delayWarning) {
  public WaitingTimes {
    lanes = List.copyOf(lanes);
    if (lanes.isEmpty()) {
      throw new IllegalArgumentException("lanes must have at least one waiting time");
    }
    for (int i = 0; i < lanes.size(); i++) {
      Require.positive("lanes", lanes.get(i));
      if (i > 0 && lanes.get(i).compareTo(lanes.get(i - 1)) <= 0) {
        throw new IllegalArgumentException(
            "lanes must grow: each waits longer than the one before");
      }
    }
    Require.positive("lifetime", lifetime);
    if (delayWarning.compareTo(lifetime) >= 0) {
      throw new IllegalArgumentException(
          "delay-warning must be shorter than lifetime, or 0 for none");
    }
  }
}
