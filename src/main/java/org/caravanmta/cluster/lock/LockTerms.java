package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.config.Secret;

/// Which lock service is asked, and for which cluster.
///
/// @param peers where they are reached
/// @param cluster its name
/// @param secret what its nodes know, and nobody else
/// @param session how long a node may be silent before it counts as gone; the lock service may set
///   another time
public record LockTerms(List<HostPort> peers, String cluster, Secret secret, Duration session) {
  public LockTerms {
    peers = List.copyOf(peers);
  }

  /// The peers as ZooKeeper's client reads them, and an operator too: `n1:2181,n2:2181`.
  String written() {
    return peers.stream().map(HostPort::toString).collect(Collectors.joining(","));
  }
}
