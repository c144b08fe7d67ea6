package org.caravanmta.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The Caravans that the benchmark of clusters compares, and the lock service of those that are in
/// a cluster: one peer of it, which is a process apart.
///
/// @param embedded in no cluster
/// @param alone the one node of a cluster, of whose mail there is no copy
/// @param cluster the nodes of a cluster, in the order of their names; each keeps the copies of the
///   one before it
record Nodes(Peer embedded, Peer alone, List<Peer> cluster, Peer locks) implements AutoCloseable {
  private static final String HOST = "127.0.0.1:";

  static Nodes start(Setup setup, int count) throws IOException {
    var started = new ArrayList<Peer>();
    boolean done = false;
    try {
      String at = HOST + Setup.port();
      started.add(locks(setup, at));
      started.add(node("embedded").start(setup));
      started.add(member(setup, "alone", "alone", at, 1));
      for (int i = 1; i <= count; i++) {
        started.add(member(setup, "n" + i, "bench", at, 2));
      }
      var cluster = List.copyOf(started.subList(3, started.size()));
      done = true;
      return new Nodes(started.get(1), started.get(2), cluster, started.getFirst());
    } finally {
      if (!done) {
        started.reversed().forEach(Peer::close);
      }
    }
  }

  private static Caravan node(String name) {
    return new Caravan(name, Caravan.built().program(), false);
  }

  private static Peer locks(Setup setup, String at) throws IOException {
    int port = Integer.parseInt(at.substring(HOST.length()));
    var settings = Map.of("cluster.locks", "[\"" + at + "\"]", "cluster.lock-peer", at);
    return node("locks").startLocks(setup, port, settings);
  }

  private static Peer member(Setup setup, String name, String cluster, String locks, int copies)
      throws IOException {
    var settings = new TreeMap<String, String>();
    settings.put("cluster.node", name);
    settings.put("cluster.name", cluster);
    settings.put("cluster.address", HOST + Setup.port());
    settings.put("cluster.secret", "known to the nodes of the benchmark");
    settings.put("cluster.locks", "[\"" + locks + "\"]");
    settings.put("cluster.copies", String.valueOf(copies));
    return node(name).start(setup, settings);
  }

  /// All that take mail.
  List<Peer> all() {
    var all = new ArrayList<Peer>(List.of(embedded, alone));
    all.addAll(cluster);
    return all;
  }

  /// Those that come last let go of what they keep last.
  @Override
  public void close() {
    all().reversed().forEach(Peer::close);
    locks.close();
  }
}
