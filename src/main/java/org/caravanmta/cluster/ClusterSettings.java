package org.caravanmta.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.config.Require;
import org.caravanmta.config.Secret;

/// The section `cluster`: which node of which cluster this one is.
///
/// @param node absent: not in a cluster
/// @param address where the other nodes reach this one
/// @param locks the peers of the lock service, where its clients reach them
/// @param lockPeer which of `locks` is this machine's, or the host of it
/// @param session how long a node may be silent before it counts as gone
/// @param copies how many machines have what is answered 250
/// @param sharedLimits whether a destination gets no more from all nodes than from one
public record ClusterSettings(
    Optional<String> node,
    String name,
    Optional<HostPort> address,
    Secret secret,
    List<HostPort> locks,
    Optional<String> lockPeer,
    Duration session,
    int copies,
    WithoutCopy withoutCopy,
    boolean sharedLimits) {
  /// What becomes of mail when no other node can take a copy.
  public enum WithoutCopy {
    /// It is answered 451.
    REFUSE,
    /// It is accepted, on one machine.
    ACCEPT
  }

  private static final String NAME = "[A-Za-z0-9-]{1,32}";
  private static final int SHORTEST_SECRET = 16;
  private static final int PORTS_OF_A_PEER = 3;
  private static final String LOOPBACK = "127.0.0.1";

  /// Secrets of the manual and of `docker/cluster`.
  private static final Set<String> EXAMPLES =
      Set.of("a long secret that only the nodes know", "change me, sixteen characters at least");

  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  /// Shorter, and a pause for the collection of garbage ends a session; longer, and mail waits.
  private static final Duration SHORTEST_SESSION = Duration.ofSeconds(2);

  private static final Duration LONGEST_SESSION = Duration.ofSeconds(60);

  public ClusterSettings {
    if (node.isPresent() && !node.get().matches(NAME)) {
      throw new IllegalArgumentException(
          "node must be a name of letters, digits and hyphens, 32 at most");
    }
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "name must be a name of letters, digits and hyphens, 32 at most");
    }
    if (!secret.text().isEmpty() && secret.text().length() < SHORTEST_SECRET) {
      throw new IllegalArgumentException("secret must have 16 characters at least");
    }
    if (node.isPresent() && address.isEmpty()) {
      throw new IllegalArgumentException(
          "address must be set where node is: the other nodes send their copies there");
    }
    if (node.isPresent() && secret.text().isEmpty()) {
      throw new IllegalArgumentException(
          "secret must be set where node is, the same on each node, 16 characters at least");
    }
    if (node.isPresent() && locks.isEmpty()) {
      throw new IllegalArgumentException(
          "locks must be set where node is: they say which nodes live");
    }
    if (node.isEmpty() && address.isPresent()) {
      throw new IllegalArgumentException(
          "node must be set where address is: without it, this server is in no cluster, and its"
              + " mail is on one machine only");
    }
    if (address.isPresent() && WILDCARDS.contains(address.get().host())) {
      throw new IllegalArgumentException(
          "address must be the one at which the other nodes reach this node, and "
              + address.get().host()
              + " is none");
    }
    requireMajority(locks);
    requirePorts(locks);
    if (lockPeer.isPresent() && peers(locks, lockPeer.get()).size() != 1) {
      throw new IllegalArgumentException("lock-peer must be one of locks, or the host of one");
    }
    if (session.compareTo(SHORTEST_SESSION) < 0 || session.compareTo(LONGEST_SESSION) > 0) {
      throw new IllegalArgumentException("session must be from 2s to 60s");
    }
    Require.within(2, "copies", copies);
  }

  /// Which of `locks` is this machine's.
  public Optional<HostPort> ownPeer() {
    return lockPeer.map(own -> peers(locks, own).getFirst());
  }

  /// What should be mended and keeps nothing from starting.
  public List<String> warnings() {
    var warnings = new ArrayList<String>();
    if (locks.size() == 1) {
      warnings.add(
          "cluster.locks has one peer: while it is down, no node delivers; three, on three"
              + " machines, can do without one of them");
    }
    var hosts = new LinkedHashMap<String, Integer>();
    locks.forEach(peer -> hosts.merge(peer.host(), 1, Integer::sum));
    hosts.forEach(
        (host, peers) -> {
          if (peers > 1 && peers > locks.size() / 2 && !host.equals(LOOPBACK)) {
            warnings.add(
                "cluster.locks has %d of %d peers at %s: when that machine is away, no node delivers"
                    .formatted(peers, locks.size(), host));
          }
        });
    if (EXAMPLES.contains(secret.text())) {
      warnings.add(
          "cluster.secret is the one of an example, which everybody knows: choose another, the"
              + " same on each node");
    }
    address
        .filter(HostPort::isNameOfLoopback)
        .ifPresent(at -> warnings.add(warning("address", at)));
    ownPeer()
        .filter(HostPort::isNameOfLoopback)
        .ifPresent(at -> warnings.add(warning("lock-peer", at)));
    return warnings;
  }

  private static String warning(String key, HostPort at) {
    return "cluster.%s: this machine takes %s for its loopback (/etc/hosts?): no other reaches it there"
        .formatted(key, at.host());
  }

  private static void requireMajority(List<HostPort> locks) {
    if (new HashSet<>(locks).size() < locks.size()) {
      throw new IllegalArgumentException("locks must have each peer only once");
    }
    if (locks.size() > 1 && locks.size() % 2 == 0 || locks.size() > 5) {
      throw new IllegalArgumentException(
          "locks must be 1, 3 or 5 peers: more than half of them must be up, and an even number"
              + " helps nothing");
    }
  }

  /// Each peer uses the two ports after its own, with the other peers.
  private static void requirePorts(List<HostPort> locks) {
    for (HostPort one : locks) {
      for (HostPort other : locks) {
        int apart = other.port() - one.port();
        if (one.host().equals(other.host()) && apart > 0 && apart < PORTS_OF_A_PEER) {
          throw new IllegalArgumentException(
              "locks must be 3 ports apart on one host, and %s and %s are not: each peer uses the two"
                      .formatted(one, other)
                  + " after its own as well");
        }
      }
    }
  }

  private static List<HostPort> peers(List<HostPort> locks, String own) {
    return locks.stream()
        .filter(each -> each.toString().equals(own) || each.host().equals(own))
        .toList();
  }
}
