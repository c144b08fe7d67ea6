package org.caravanmta.cluster.share;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Share;
import org.caravanmta.share.Sharer;
import org.caravanmta.share.Shares;

/// This node's parts of the limits that all nodes have in common, and the limits that it owns.
public final class OwnShares implements Shares, AutoCloseable {
  /// What connections between nodes are for that divide limits.
  public static final String SHARES = "shares";

  /// How often the nodes that live are looked at, in milliseconds.
  private static final long GLANCE = 100;

  private final String node;
  private final LivingNodes peers;
  private final Book book = new Book(System::nanoTime);
  private final Map<String, OwnShare> shares = new ConcurrentHashMap<>();
  private final Map<String, Asker> askers = new ConcurrentHashMap<>();
  private volatile Set<String> nodes;
  private volatile boolean closed;
  private final Thread watch;

  /// @param node our name
  public OwnShares(String node, LivingNodes peers) {
    this.node = node;
    this.peers = peers;
    this.nodes = living();
    this.watch = Thread.ofVirtual().name("cluster-shares").start(this::watch);
  }

  @Override
  public Share join(String key, CommonLimit limit, Sharer sharer) {
    var share = new OwnShare(key, limit, nodes, sharer, this::wanting, this::leaving);
    shares.put(key, share);
    return share;
  }

  /// Answers another node as long as it asks.
  public void serve(NodeLink link) throws IOException {
    while (!closed) {
      Post.answer(link, reports -> book.answer(link.peer(), nodes, reports));
    }
  }

  private void wanting(OwnShare share) {
    Asker asker = askers.get(share.owner());
    if (asker != null) {
      asker.add(share);
    }
  }

  private void leaving(OwnShare share) {
    shares.remove(share.key(), share);
  }

  private Set<String> living() {
    var all = new TreeSet<>(peers.living());
    all.add(node);
    return all;
  }

  private void watch() {
    try {
      while (!closed) {
        var now = living();
        if (!now.equals(nodes) || askers.isEmpty()) {
          nodes = now;
          changed();
        }
        Thread.sleep(GLANCE);
      }
    } catch (InterruptedException e) {
      // it ends
    }
  }

  private void changed() {
    askers
        .entrySet()
        .removeIf(
            asker -> {
              boolean gone = !nodes.contains(asker.getKey());
              if (gone) {
                asker.getValue().close();
              }
              return gone;
            });
    for (String one : nodes) {
      askers.computeIfAbsent(one, this::asker);
    }
    askers.values().forEach(Asker::clear);
    for (OwnShare share : shares.values()) {
      if (share.reconsider(nodes)) {
        wanting(share);
      }
    }
  }

  private Asker asker(String owner) {
    Asker.Asking asking =
        owner.equals(node) ? reports -> book.answer(node, nodes, reports) : new Post(owner, peers);
    return new Asker(node, owner, asking, () -> nodes);
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
    askers.values().forEach(Asker::close);
  }
}
