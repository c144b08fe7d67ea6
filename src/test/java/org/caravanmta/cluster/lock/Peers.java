package org.caravanmta.cluster.lock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.util.ServiceUtils;
import org.caravanmta.Ports;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.config.Secret;
import org.jspecify.annotations.Nullable;

/// A lock service of some peers in this process, which a test may kill and start again.
final class Peers implements AutoCloseable {
  static final Secret SECRET = new Secret("a secret of the nodes");

  private static final String HOST = "127.0.0.1";

  final List<HostPort> addresses = new ArrayList<>();
  private final Path directory;
  private @Nullable LockPeer[] running;

  Peers(int count, Path directory) throws Exception {
    // a peer of the tests that is killed does not end the tests
    ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
    this.directory = directory;
    this.running = new LockPeer[count];
    for (int i = 0; i < count; i++) {
      addresses.add(new HostPort(HOST, freePort()));
    }
    for (int i = 0; i < count; i++) {
      start(i);
    }
  }

  /// Has a client of ZooKeeper's prove what the nodes of a cluster prove.
  void admit(ZooKeeper client, String cluster) {
    var terms = new LockTerms(addresses, cluster, SECRET, Duration.ofSeconds(2));
    client.addAuthInfo(Access.SCHEME, new Access(terms, "", "").login());
  }

  void start(int which) throws Exception {
    running[which] =
        LockPeer.start(addresses.get(which), addresses, directory.resolve("peer" + which));
  }

  /// Ends all, and starts them with more, which have nothing yet.
  void growTo(int count) throws Exception {
    close();
    running = new LockPeer[count];
    while (addresses.size() < count) {
      addresses.add(new HostPort(HOST, freePort()));
    }
    for (int i = 0; i < count; i++) {
      start(i);
    }
  }

  void kill(int which) {
    LockPeer peer = running[which];
    running[which] = null;
    if (peer != null) {
      peer.close();
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < running.length; i++) {
      kill(i);
    }
  }

  /// The first of three that are free.
  private static int freePort() throws IOException {
    while (true) {
      int port = Ports.free();
      if (isFree(port + 1) && isFree(port + 2)) {
        Ports.free();
        Ports.free();
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
