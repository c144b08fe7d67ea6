package org.caravanmta.queue.copies;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.cluster.link.LinkClient;
import org.caravanmta.cluster.link.LinkSecret;
import org.caravanmta.cluster.link.LinkServer;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.config.Secret;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Wire;
import org.caravanmta.queue.embedded.BrokerSettings;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Fence;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.caravanmta.queue.spi.Send;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// A broker with its queues, what it keeps for others, and who keeps its copies.
final class CopyNode implements AutoCloseable {
  private static final AtomicInteger MAILS = new AtomicInteger();

  final String name;
  final EmbeddedBroker broker;
  final ContentStore store;
  final CopyKeeper keeper;
  final Ledger ledger;
  final Copies copies;
  final LinkServer server;
  final Topology topology = new Topology(_ -> {});
  final List<CopyNode> others = new ArrayList<>();

  /// A node of another process, and where its port is written.
  volatile Optional<Path> elsewhere = Optional.empty();

  /// Why this one takes no copies.
  volatile Optional<String> reluctance = Optional.empty();

  /// The node that would take over our mail, which has copies of all; empty for none.
  volatile String counts = "";

  /// Who cannot be reached.
  final Set<String> unreachable = ConcurrentHashMap.newKeySet();

  /// Mail that was taken and has not been seen on its queue yet, where it comes a little later.
  private final Set<String> coming = ConcurrentHashMap.newKeySet();

  private final LinkClient client;
  private final Outlet outlet;

  CopyNode(Path directory, String name, boolean required) throws IOException {
    this.name = name;
    var secret = new LinkSecret("test", name, new Secret("a secret of the cluster"));
    topology.add(List.of("routing", "delivery.smtp", "deferred.1m", "deferred.1h"));
    broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.of(0));
    store = ContentStore.open(directory.resolve("content"));
    keeper = new CopyKeeper(directory.resolve("copies"), 100_000, _ -> reluctance);
    server = new LinkServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), secret);
    server.offer(CopyKeeper.COPIES, keeper::serve);
    server.offer(CopyKeeper.CONTENTS, keeper::serveContents);
    client = new LinkClient(secret);
    ledger = new Ledger(required, System::nanoTime);
    copies = new Copies(ledger, new Others(), store, broker.journal(), broker::each, required);
    broker.follow(ledger, new Fence(copies::recording, () -> true));
    outlet = broker.outlet("test", topology);
  }

  private final class Others implements Copies.Keepers {
    @Override
    public Optional<Keeper> next(Set<String> avoided) {
      if (elsewhere.isPresent()) {
        Path at = elsewhere.get();
        return Optional.of(new Keeper(at.getFileName().toString(), purpose -> open(at, purpose)));
      }
      return others.stream()
          .filter(one -> !unreachable.contains(one.name))
          .min(java.util.Comparator.comparing(one -> avoided.contains(one.name)))
          .map(one -> new Keeper(one.name, purpose -> open(one, purpose)));
    }

    @Override
    public void begins(Keeper keeper) {
      counts = "";
    }

    @Override
    public void complete(Keeper keeper) {
      counts = keeper.node();
    }

    @Override
    public Optional<Keeper> better(Keeper now) {
      return Optional.empty();
    }
  }

  private NodeLink open(CopyNode other, String purpose) throws IOException {
    return open(other.name, other.server.port(), purpose);
  }

  private NodeLink open(Path elsewhere, String purpose) throws IOException {
    return open(
        elsewhere.getFileName().toString(),
        Integer.parseInt(Files.readString(elsewhere.resolve("port"))),
        purpose);
  }

  private NodeLink open(String other, int port, String purpose) throws IOException {
    return client.connect(
        other, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), purpose);
  }

  /// Has another keep our copies instead of the one that does.
  void move(CopyNode to) {
    copies.move(new Keeper(to.name, purpose -> open(to, purpose)));
  }

  static String id() {
    return "mail-" + MAILS.incrementAndGet();
  }

  static Frame frame(String queue, String id) {
    return new Frame(
        queue,
        ("bytes of " + id).getBytes(StandardCharsets.US_ASCII),
        Map.of(Frame.ID, id, Frame.VERSION, (int) Wire.VERSION),
        true);
  }

  /// Takes mail from outside.
  CompletableFuture<@Nullable Void> accept(Frame frame) {
    var done = new CompletableFuture<@Nullable Void>();
    outlet.send(
        new Send(
            frame,
            failure -> {
              if (failure == null) {
                coming.add(String.valueOf(frame.properties().get(Frame.ID)));
                done.complete(null);
              } else {
                done.completeExceptionally(failure);
              }
            }));
    return done;
  }

  /// Gives up what waits too long.
  void expire() {
    outlet.expire(Outlet.PATIENCE);
  }

  /// Takes what is on a queue and puts what it becomes on others.
  ///
  /// @param to empty where mail ends
  int pass(String queue, int most, Optional<String> to)
      throws ActiveMQException, InterruptedException {
    return pass(queue, most, to, 1);
  }

  /// @param batch how many at a time
  int pass(String queue, int most, Optional<String> to, int batch)
      throws ActiveMQException, InterruptedException {
    int passed = 0;
    try (Link link = broker.settling()) {
      link.ensure(topology);
      QueueIntake intake = link.open(queue, 1 << 20);
      for (Received next = intake.receive(200);
          next != null && passed < most;
          next = intake.receive(200)) {
        if (to.isPresent()) {
          link.send(next.on(to.get()));
        }
        coming.remove(next.id());
        intake.acknowledge(next);
        passed++;
        if (passed % batch == 0) {
          link.commit();
        }
      }
      link.commit();
    }
    return passed;
  }

  /// The ids of the mail on our queues, by queue.
  Set<String> mail() {
    return placed().stream()
        .flatMap(one -> one.id().map(id -> one.frame().get().queue() + " " + id).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// What is on our queues, and all of it that was taken before.
  List<Placed> placed() {
    Set<String> taken = Set.copyOf(coming);
    var all = new ArrayList<Placed>();
    await()
        .until(
            () -> {
              all.clear();
              broker.each(all::add);
              all.forEach(one -> one.id().ifPresent(coming::remove));
              return taken.stream().noneMatch(coming::contains);
            });
    return all;
  }

  /// Takes over what is kept here of another.
  long takeOver(CopyNode other) throws IOException {
    var adoption =
        new Adoption(
            broker,
            store,
            topology.all(),
            Map.of("deferred.1m", Duration.ofMinutes(1), "deferred.1h", Duration.ofHours(1)),
            (_, _) -> {},
            InstantSource.system());
    long all = 0;
    for (Kept kept : keeper.kept()) {
      if (kept.node().equals(other.name)) {
        all += adoption.takeOver(keeper, kept);
      }
    }
    return all;
  }

  @Override
  public void close() {
    copies.close();
    server.close();
    outlet.close();
    keeper.close();
    broker.close();
  }
}
