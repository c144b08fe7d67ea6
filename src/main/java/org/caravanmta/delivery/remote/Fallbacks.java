package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.caravanmta.smtp.client.Peer;

/// Remembers for a while the servers with which TLS has failed though it was wanted, so that not
/// every message has to find out again (RFC 7435 §5).
final class Fallbacks {
  /// The number of servers above which those are forgotten whose time is over; if there are too
  /// many even so, all of them.
  private static final int MANY = 10_000;

  private final Duration memory;
  private final InstantSource clock;
  private final ConcurrentMap<Peer, Instant> until = new ConcurrentHashMap<>();

  Fallbacks(Duration memory, InstantSource clock) {
    this.memory = memory;
    this.clock = clock;
  }

  void remember(Peer peer) {
    if (memory.isZero()) {
      return;
    }
    Instant now = clock.instant();
    if (until.size() >= MANY) {
      until.values().removeIf(end -> !now.isBefore(end));
      if (until.size() >= MANY) {
        until.clear();
      }
    }
    until.put(peer, now.plus(memory));
  }

  boolean knows(Peer peer) {
    if (until.isEmpty()) {
      return false;
    }
    Instant end = until.get(peer);
    if (end == null) {
      return false;
    }
    if (clock.instant().isBefore(end)) {
      return true;
    }
    until.remove(peer, end);
    return false;
  }
}
