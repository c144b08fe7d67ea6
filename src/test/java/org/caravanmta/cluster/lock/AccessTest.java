package org.caravanmta.cluster.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.caravanmta.config.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who knows `cluster.secret` reads and writes the tree of the cluster, and nobody else.
class AccessTest {
  private static final Duration SESSION = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;
  private Peers peers;
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

  @BeforeEach
  void startPeers() throws Exception {
    peers = new Peers(1, directory.resolve("locks"));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    peers.close();
  }

  @Test
  void aStrangerReadsAndWritesNothingOfACluster() throws Exception {
    LockService n1 = connect("caravan", Peers.SECRET);
    join(n1, "n1");
    n1.values().set("drained.n2", "alice");
    assertThat(n1.takeOver("n2")).isPresent();
    ZooKeeper stranger = session();

    List<String> paths =
        List.of(
            "/caravan/caravan",
            "/caravan/caravan/values",
            "/caravan/caravan/values/drained.n2",
            "/caravan/caravan/serving/n1",
            "/caravan/caravan/leases/n1",
            "/caravan/caravan/leases/n2",
            "/caravan/caravan/members/n1",
            "/caravan/caravan/taken/n2");
    for (String path : paths) {
      refused(() -> stranger.exists(path, false));
      refused(() -> stranger.getData(path, false, null));
      refused(() -> stranger.getChildren(path, false));
      refused(() -> stranger.setData(path, new byte[0], -1));
      refused(() -> stranger.setACL(path, ZooDefs.Ids.OPEN_ACL_UNSAFE, -1));
      refused(() -> create(stranger, path + "/more", ""));
    }
    for (String path : paths.subList(1, paths.size())) {
      refused(() -> delete(stranger, path));
    }
    refused(() -> stranger.getChildren("/caravan", false));
    refused(() -> stranger.setData("/caravan", new byte[0], -1));
    assertThat(n1.values().get("drained.n2")).contains("alice");
  }

  @Test
  void aNodeWithAnotherSecretIsToldSo() throws Exception {
    connect("caravan", Peers.SECRET);
    assertThatThrownBy(() -> connect("caravan", new Secret("the secret of yesterday")))
        .isInstanceOf(LocksUnavailable.class)
        .hasMessage(
            "the lock service at "
                + peers.addresses.getFirst()
                + " refuses: cluster.secret is not that of the nodes that made cluster caravan"
                + " there");
  }

  @Test
  void clustersOfDifferentSecretsShareALockService() throws Exception {
    LockService one = connect("one", new Secret("the secret of the one"));
    LockService other = connect("other", new Secret("the secret of the other"));
    one.values().set("drained.n1", "alice");
    assertThat(other.values().get("drained.n1")).isEmpty();
    other.values().set("drained.n1", "bob");
    assertThat(one.values().get("drained.n1")).contains("alice");
  }

  /// What goes to the lock service is not encrypted.
  @Test
  void theSecretItselfIsNotSaid() {
    var terms = new LockTerms(peers.addresses, "caravan", Peers.SECRET, SESSION);
    assertThat(new String(new Access(terms, "/a", "/a/b").login(), UTF_8))
        .startsWith("caravan:")
        .doesNotContain(Peers.SECRET.text());
  }

  @Test
  void aTreeOfOlderNodesIsOpenToThemUntilTheLastIsGone() throws Exception {
    ZooKeeper old = session();
    create(old, "/caravan", "");
    create(old, "/caravan/caravan", "");
    for (Branch branch : Branch.values()) {
      create(old, "/caravan/caravan/" + branch.word, "");
    }
    create(old, "/caravan/caravan/leases/n2", "");
    old.create(
        "/caravan/caravan/serving/n2",
        "node=n2\naddress=n2:2530\n".getBytes(UTF_8),
        ZooDefs.Ids.OPEN_ACL_UNSAFE,
        CreateMode.EPHEMERAL);

    LockService n1 = connect("caravan", Peers.SECRET);
    join(n1, "n1");
    n1.values().set("drained.n3", "alice");
    assertThat(n1.holds()).isTrue();
    await()
        .during(SESSION.multipliedBy(2))
        .atMost(SESSION.multipliedBy(4))
        .until(() -> openPaths(old).containsAll(List.of("/caravan/caravan/values/drained.n3")));
    old.setData("/caravan/caravan/leases/n1", new byte[0], -1);
    // it finds its lease again, as after an answer that was lost
    old.delete("/caravan/caravan/serving/n2", -1);

    ZooKeeper insider = session();
    peers.admit(insider, "caravan");
    await().atMost(PATIENCE).until(() -> openPaths(insider).isEmpty());
    refused(() -> old.getData("/caravan/caravan/values/drained.n3", false, null));
    assertThat(n1.values().get("drained.n3")).contains("alice");
    n1.values().set("drained.n4", "bob");
    assertThat(openPaths(insider)).isEmpty();
    await().atMost(PATIENCE).until(n1::holds);
  }

  private static List<String> openPaths(ZooKeeper session) throws Exception {
    var paths = new ArrayList<String>();
    for (String path : ZKUtil.listSubTreeBFS(session, "/caravan/caravan")) {
      if (session.getACL(path, null).equals(ZooDefs.Ids.OPEN_ACL_UNSAFE)) {
        paths.add(path);
      }
    }
    return paths;
  }

  /// Something that is asked of the lock service.
  @FunctionalInterface
  private interface Asking {
    Object ask() throws Exception;
  }

  private static void refused(Asking asking) {
    assertThatThrownBy(asking::ask).isInstanceOf(KeeperException.NoAuthException.class);
  }

  private static String create(ZooKeeper session, String path, String text) throws Exception {
    return session.create(
        path, text.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  private static boolean delete(ZooKeeper session, String path) throws Exception {
    session.delete(path, -1);
    return true;
  }

  private ZooKeeper session() throws Exception {
    var session =
        new ZooKeeper(peers.addresses.getFirst().toString(), (int) SESSION.toMillis(), _ -> {});
    open.add(session);
    await().until(() -> session.getState().isConnected());
    return session;
  }

  private LockService connect(String cluster, Secret secret) throws Exception {
    LockService service =
        LockService.connect(new LockTerms(peers.addresses, cluster, secret, SESSION), PATIENCE);
    open.add(service);
    return service;
  }

  private void join(LockService service, String name) throws Exception {
    service.join(name, name + ":2530", Mark.of(directory), LockServiceTest.nothing());
    service.publish(
        new Member(name, name + ":2530", "serving", 4, 5, "digest", Instant.EPOCH, "0.1.0"));
  }
}
