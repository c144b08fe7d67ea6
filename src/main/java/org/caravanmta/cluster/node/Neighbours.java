package org.caravanmta.cluster.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.cluster.link.LinkClient;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.share.LivingNodes;
import org.caravanmta.queue.copies.Copies;
import org.caravanmta.queue.copies.Keeper;

/// The other nodes that live: the next one in the order of their names, after the last the first,
/// keeps our copies.
final class Neighbours implements Copies.Keepers, LivingNodes {
  /// A node that has served for so long will go on.
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final String node;
  private final String journal;
  private final LockService locks;
  private final LinkClient client;
  private final LongSupplier nanos;

  /// Since when others have served; asked by one thread.
  private final Map<String, Long> since = new HashMap<>();

  /// @param nanos {@link System#nanoTime}
  Neighbours(
      String node, String journal, LockService locks, LinkClient client, LongSupplier nanos) {
    this.node = node;
    this.journal = journal;
    this.locks = locks;
    this.client = client;
    this.nanos = nanos;
  }

  /// All others that live.
  List<Member> others() {
    return locks.members().stream().filter(one -> !one.name().equals(node)).toList();
  }

  @Override
  public Set<String> living() {
    return locks.members().stream().map(Member::name).collect(Collectors.toSet());
  }

  @Override
  public NodeLink open(String name, String purpose) throws IOException {
    for (Member member : others()) {
      if (member.name().equals(name)) {
        return open(member, purpose);
      }
    }
    throw new IOException("node " + name + " is away");
  }

  /// @param purpose of the connection
  NodeLink open(Member member, String purpose) throws IOException {
    HostPort at = HostPort.parse(member.address());
    return client.connect(
        member.name(), InetSocketAddress.createUnresolved(at.host(), at.port()), purpose);
  }

  @Override
  public Optional<Keeper> next(Set<String> avoided) {
    if (!locks.holds()) {
      // another may have taken over our mail
      return Optional.empty();
    }
    return others().stream()
        // two that have no keeper are each other's
        .filter(one -> !one.state().equals(ClusterNode.DRAINING))
        .min(
            Comparator.comparing((Member one) -> avoided.contains(one.name()))
                .thenComparing(one -> one.name().compareTo(node) < 0)
                .thenComparing(Member::name))
        .map(one -> new Keeper(one.name(), purpose -> open(one, purpose)));
  }

  @Override
  public void begins(Keeper keeper) throws IOException {
    note(new Place(keeper.node(), false));
  }

  @Override
  public void complete(Keeper keeper) throws IOException {
    note(new Place(keeper.node(), true));
  }

  /// Its turn comes back to the next node when that has lived for a while, so that none keeps the
  /// copies of several for ever and another of none.
  @Override
  public Optional<Keeper> better(Keeper now) {
    Set<String> serving =
        others().stream()
            .filter(one -> one.state().equals(ClusterNode.SERVING))
            .map(Member::name)
            .collect(Collectors.toSet());
    long time = nanos.getAsLong();
    since.keySet().retainAll(serving);
    serving.forEach(name -> since.putIfAbsent(name, time));
    return next(Set.of())
        .filter(one -> !one.node().equals(now.node()))
        .filter(one -> time - since.getOrDefault(one.node(), time) >= SETTLED.toNanos());
  }

  private void note(Place place) throws IOException {
    if (!locks.holds()) {
      throw new IOException("this node has no lock of its own now");
    }
    try {
      locks.values().set(Place.key(node, journal), place.text());
    } catch (LocksUnavailable e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("ended", e);
    }
  }
}
