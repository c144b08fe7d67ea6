package org.caravanmta.cluster.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.cluster.link.LinkClient;
import org.caravanmta.cluster.link.LinkSecret;
import org.caravanmta.cluster.link.LinkServer;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.config.Secret;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingSettings;
import org.caravanmta.message.Gate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Three nodes, over real connections, divide the limits of destinations.
@Execution(ExecutionMode.CONCURRENT)
class OwnSharesTest {
  private static final int MOST = 20;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Map<String, Node> living = new ConcurrentSkipListMap<>();
  private final Map<String, Node> nodes = new TreeMap<>();

  /// Those that do not answer.
  private final Set<String> cut = ConcurrentHashMap.newKeySet();

  private Path rules;
  private final AtomicInteger all = new AtomicInteger();
  private final AtomicInteger highest = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();

  /// A node, whose tasks are at work until they are ended.
  private final class Node implements AutoCloseable, LivingNodes {
    private final LinkServer server;
    private final LinkClient client;
    private final OwnShares shares;
    private final Destinations destinations;
    private final Semaphore ends = new Semaphore(0);
    private final AtomicInteger atWork = new AtomicInteger();

    Node(String name) throws IOException {
      var secret = new LinkSecret("test", name, new Secret("a secret of the cluster"));
      server = new LinkServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), secret);
      client = new LinkClient(secret);
      shares = new OwnShares(name, this);
      server.offer(OwnShares.SHARES, shares::serve);
      // from the first the widest window
      var window =
          new WindowSettings(
              MOST,
              WindowSettings.USUAL.positiveFeedback(),
              WindowSettings.USUAL.negativeFeedback(),
              WindowSettings.USUAL.failedCohorts());
      destinations =
          new Destinations(
                  new Limits(MOST, LONG, Duration.ZERO, Duration.ZERO, window),
                  new Load(1000, 0, LONG),
                  Shaping.open(new ShapingSettings(List.of(rules), 100), new ServerGroups(shares)),
                  ReplyRules.NONE,
                  InstantSource.system())
              .sharing(shares, "smtp");
    }

    @Override
    public Set<String> living() {
      return living.keySet();
    }

    @Override
    public NodeLink open(String node, String purpose) throws IOException {
      Node other = living.get(node);
      if (other == null || cut.contains(node)) {
        throw new IOException(node + " does not answer");
      }
      return client.connect(
          node,
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), other.server.port()),
          purpose);
    }

    /// Begins as many tasks more as may begin now.
    ///
    /// @return how many are at work
    int begin(String destination) {
      var place = destinations.enter(destination);
      while (place.isPresent()) {
        Gate.Place taken = place.get();
        Thread.ofVirtual().start(() -> work(destination, taken));
        place = destinations.enter(destination);
      }
      return atWork.get();
    }

    private void work(String destination, Gate.Place place) {
      if (destinations.await(destination) instanceof Admission.Turn turn) {
        highest.accumulateAndGet(all.incrementAndGet(), Math::max);
        atWork.incrementAndGet();
        begun.incrementAndGet();
        ends.acquireUninterruptibly();
        atWork.decrementAndGet();
        all.decrementAndGet();
        turn.close();
      }
      place.leave();
    }

    /// Has all tasks end.
    void end() {
      ends.release(1000);
      await().atMost(LONG).until(() -> atWork.get() == 0);
      ends.drainPermits();
    }

    @Override
    public void close() {
      shares.close();
      server.close();
    }
  }

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    rules = directory.resolve("shaping");
    Files.writeString(rules, "slow.example rate=2/s\n");
    for (String name : new String[] {"n1", "n2", "n3"}) {
      nodes.put(name, new Node(name));
    }
    living.putAll(nodes);
  }

  @AfterEach
  void end() {
    nodes.values().forEach(Node::close);
  }

  private int begin(String destination) {
    return nodes.values().stream().mapToInt(node -> node.begin(destination)).sum();
  }

  /// All nodes have mail for it all the time.
  private void fill(String destination) {
    await().atMost(LONG).until(() -> begin(destination) == MOST);
    assertThat(highest).hasValue(MOST);
  }

  @Test
  void threeNodesHaveNoMoreThanOne() {
    for (int i = 0; i < 6; i++) {
      fill("d" + i + ".example");
      assertThat(nodes.values()).allMatch(node -> node.atWork.get() >= 1);
      nodes.values().forEach(Node::end);
    }
    assertThat(highest).hasValue(MOST);
  }

  @Test
  void whatOneNoLongerWantsAnotherHas() {
    fill("example.net");
    nodes.get("n1").end();
    nodes.get("n3").end();
    // all but what those two have without asking
    await().atMost(LONG).until(() -> nodes.get("n2").begin("example.net") == MOST - 2);
    assertThat(highest).hasValue(MOST);
  }

  @Test
  void theMailOfNodesThatAreGoneHasTheirPlaces() {
    fill("example.net");
    for (String gone : List.of("n1", "n3")) {
      living.remove(gone);
      nodes.get(gone).close();
      nodes.get(gone).end();
    }
    await().atMost(LONG).until(() -> nodes.get("n2").begin("example.net") == MOST);
    assertThat(highest).hasValue(MOST);
  }

  @Test
  void whenAnOwnerDoesNotAnswerEachHasAnEvenPart() {
    String owner = Owners.of("smtp/example.net", nodes.keySet()).getFirst();
    nodes.get(owner).server.close();
    cut.add(owner);
    fill("example.net");
    assertThat(nodes.values()).allMatch(node -> Math.abs(node.atWork.get() - MOST / 3) <= 1);
  }

  /// Two a second: the twelfth is not before 5.5 s, but that each node may be early by one.
  @Test
  void aRateIsThatOfAllNodesTogether() {
    long start = System.nanoTime();
    nodes.values().forEach(node -> node.ends.release(1000));
    await().atMost(LONG).until(() -> begin("slow.example") >= 0 && begun.get() >= 12);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(4));
  }

  /// What is on each node's own machine is another destination on each.
  @Test
  void nextHopsOnThisMachineAreNotShared() {
    for (String own : List.of("[127.0.0.1]:10025", "localhost", "[::1]", "unix:/run/store")) {
      await().atMost(LONG).until(() -> begin(own) == 3 * MOST);
      nodes.values().forEach(Node::end);
    }
  }
}
