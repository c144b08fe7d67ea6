package org.caravanmta.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.util.ServiceUtils;
import org.caravanmta.Ports;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.cluster.link.LinkClient;
import org.caravanmta.cluster.link.LinkSecret;
import org.caravanmta.cluster.lock.JournalListener;
import org.caravanmta.cluster.lock.LockPeer;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LockTerms;
import org.caravanmta.cluster.lock.Mark;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.lock.Taken;
import org.caravanmta.config.Secret;
import org.caravanmta.queue.copies.Keeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is asked to keep copies.
class NeighboursTest {
  private static final Secret SECRET = new Secret("0123456789abcdef");
  private static final Duration SESSION = Duration.ofSeconds(3);

  @TempDir Path directory;

  private static Member member(String name, String state) {
    return new Member(name, name + ":2530", state, 4, 5, "digest", Instant.EPOCH, "0.1.0");
  }

  private LockService join(HostPort peer, String name) throws Exception {
    LockService locks =
        LockService.connect(
            new LockTerms(List.of(peer), "neighbours", SECRET, SESSION), Duration.ofSeconds(30));
    Path own = Files.createDirectories(directory.resolve(name));
    locks.join(name, name + ":2530", Mark.of(own), new Nobody());
    return locks;
  }

  /// Two nodes that both have nobody have each other.
  @Test
  void whoeverLivesIsAskedUnlessItIsDrained() throws Exception {
    // a peer that ends does not end the tests
    ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
    var peer = new HostPort("127.0.0.1", Ports.free());
    try (var _ = LockPeer.start(peer, List.of(peer), directory.resolve("locks"));
        LockService n1 = join(peer, "n1");
        LockService n2 = join(peer, "n2")) {
      var secret = new LinkSecret("neighbours", "n1", SECRET);
      var neighbours = new Neighbours("n1", "journal", n1, new LinkClient(secret), () -> 0);
      assertThat(neighbours.next(Set.of())).isEmpty();
      for (String state :
          List.of(
              ClusterNode.NO_KEEPER,
              ClusterNode.DRAINING,
              ClusterNode.RETURNING,
              ClusterNode.SERVING)) {
        n2.publish(member("n2", state));
        await().until(() -> n1.members().contains(member("n2", state)));
        assertThat(neighbours.next(Set.of("n2")).map(Keeper::node))
            .as(state)
            .isEqualTo(state.equals(ClusterNode.DRAINING) ? Optional.empty() : Optional.of("n2"));
      }
    }
  }

  @Test
  void theNextNodeHasItsTurnAgainWhenItHasServedForAWhile() throws Exception {
    ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
    var peer = new HostPort("127.0.0.1", Ports.free());
    var clock = new AtomicLong();
    try (var _ = LockPeer.start(peer, List.of(peer), directory.resolve("locks"));
        LockService n1 = join(peer, "n1");
        LockService n2 = join(peer, "n2");
        LockService n3 = join(peer, "n3")) {
      var secret = new LinkSecret("neighbours", "n1", SECRET);
      var neighbours = new Neighbours("n1", "journal", n1, new LinkClient(secret), clock::get);
      show(n1, n2, "n2", ClusterNode.RETURNING);
      show(n1, n3, "n3", ClusterNode.SERVING);
      Keeper third = keeper("n3");
      assertThat(neighbours.better(third)).isEmpty();
      clock.addAndGet(Duration.ofMinutes(1).toNanos());
      assertThat(neighbours.better(third)).as("not while it comes back").isEmpty();
      show(n1, n2, "n2", ClusterNode.SERVING);
      assertThat(neighbours.better(third)).isEmpty();
      clock.addAndGet(Duration.ofSeconds(29).toNanos());
      assertThat(neighbours.better(third)).isEmpty();
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThat(neighbours.better(third).map(Keeper::node)).contains("n2");
      assertThat(neighbours.better(keeper("n2"))).isEmpty();
    }
  }

  private static Keeper keeper(String name) {
    return new Keeper(
        name,
        _ -> {
          throw new IOException("not asked here");
        });
  }

  private static void show(LockService to, LockService node, String name, String state)
      throws Exception {
    node.publish(member(name, state));
    await().until(() -> to.members().contains(member(name, state)));
  }

  private static final class Nobody implements JournalListener {
    @Override
    public void lost() {
      // nobody is told
    }

    @Override
    public void regained(Optional<Taken> taken) {
      // nobody is told
    }
  }
}
