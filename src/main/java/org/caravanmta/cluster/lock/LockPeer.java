package org.caravanmta.cluster.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.cluster.HostPort;

/// One peer of the lock service: a server of ZooKeeper's in this process, with the settings that
/// suit a cluster of ours. It answers its clients at its port, and the other peers at the two ports
/// after that one.
public final class LockPeer implements AutoCloseable {
  /// ZooKeeper's unit of time: leaders ask for signs of life twice in it, and sessions end at its
  /// multiples.
  private static final Duration TICK = Duration.ofMillis(500);

  /// Ticks for which a leader and those who follow it may hear nothing of each other: a new leader
  /// must be there before leases end.
  private static final int SYNC_TICKS = 4;

  /// Ticks for which whoever begins to follow may read what it has missed.
  private static final int START_TICKS = 20;

  private static final Duration SHORTEST_SESSION = Duration.ofSeconds(1);
  private static final Duration LONGEST_SESSION = Duration.ofMinutes(2);

  private final Runnable end;
  private final Thread runs;

  private LockPeer(Runnable end, Thread runs) {
    this.end = end;
    this.runs = runs;
  }

  /// Starts one.
  ///
  /// @param own which of the peers
  /// @param directory where it keeps what was agreed on
  /// @throws IOException if its ports or its directory cannot be used
  public static LockPeer start(HostPort own, List<HostPort> peers, Path directory)
      throws IOException, InterruptedException {
    int number = peers.indexOf(own) + 1;
    if (number == 0) {
      throw new IllegalArgumentException(own + " is not one of the peers");
    }
    OwnerOnly.directory(directory);
    Files.writeString(directory.resolve("myid"), number + "\n");
    var config = new QuorumPeerConfig();
    try {
      config.parseProperties(properties(own, peers, directory));
    } catch (ConfigException e) {
      throw new IOException("the lock service cannot be set up: " + e.getMessage(), e);
    }
    return peers.size() == 1 ? alone(config) : amongOthers(config);
  }

  /// Waits until it has ended.
  public void await() throws InterruptedException {
    runs.join();
  }

  @Override
  public void close() {
    end.run();
    try {
      runs.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static LockPeer alone(QuorumPeerConfig config) throws IOException, InterruptedException {
    var started = new CompletableFuture<Void>();
    var server =
        new ZooKeeperServerMain() {
          @Override
          protected void serverStarted() {
            started.complete(null);
          }
        };
    var its = new ServerConfig();
    its.readFrom(config);
    return run(() -> server.runFromConfig(its), server::close, started);
  }

  private static LockPeer amongOthers(QuorumPeerConfig config)
      throws IOException, InterruptedException {
    var started = new CompletableFuture<Void>();
    var server =
        new QuorumPeerMain() {
          @Override
          protected QuorumPeer getQuorumPeer() throws javax.security.sasl.SaslException {
            return new QuorumPeer() {
              @Override
              public synchronized void start() {
                super.start();
                started.complete(null);
              }
            };
          }
        };
    return run(() -> server.runFromConfig(config), server::close, started);
  }

  /// A life of a server of ZooKeeper's.
  @FunctionalInterface
  private interface Life {
    void live() throws IOException, AdminServerException;
  }

  private static LockPeer run(Life life, Runnable end, CompletableFuture<Void> started)
      throws IOException, InterruptedException {
    Thread runs =
        Thread.ofPlatform()
            .name("lock-peer")
            .start(
                () -> {
                  try {
                    life.live();
                  } catch (IOException | AdminServerException | RuntimeException | Error e) {
                    started.completeExceptionally(e);
                  } finally {
                    started.completeExceptionally(new IOException("it has ended"));
                  }
                });
    try {
      started.get();
    } catch (ExecutionException e) {
      throw new IOException("the lock service does not start: " + e.getCause(), e);
    }
    return new LockPeer(end, runs);
  }

  private static Properties properties(HostPort own, List<HostPort> peers, Path directory) {
    var all = new Properties();
    all.setProperty("dataDir", directory.toAbsolutePath().toString());
    all.setProperty("tickTime", String.valueOf(TICK.toMillis()));
    all.setProperty("initLimit", String.valueOf(START_TICKS));
    all.setProperty("syncLimit", String.valueOf(SYNC_TICKS));
    all.setProperty("minSessionTimeout", String.valueOf(SHORTEST_SESSION.toMillis()));
    all.setProperty("maxSessionTimeout", String.valueOf(LONGEST_SESSION.toMillis()));
    all.setProperty("autopurge.snapRetainCount", "3");
    all.setProperty("autopurge.purgeInterval", "1");
    all.setProperty("admin.enableServer", "false");
    all.setProperty("4lw.commands.whitelist", "ruok,srvr");
    all.setProperty("maxCnxns", "1000");
    // KiB of the log that are set aside at once, and how long a peer that is off may hold up a vote
    all.setProperty("preAllocSize", "4096");
    all.setProperty("cnxTimeout", "1000");
    all.setProperty("clientPort", String.valueOf(own.port()));
    all.setProperty("clientPortAddress", own.host());
    for (int i = 0; peers.size() > 1 && i < peers.size(); i++) {
      HostPort peer = peers.get(i);
      all.setProperty(
          "server." + (i + 1),
          peer.bracketed() + ":" + (peer.port() + 1) + ":" + (peer.port() + 2));
    }
    return all;
  }
}
