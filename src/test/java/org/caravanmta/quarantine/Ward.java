package org.caravanmta.quarantine;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.caravanmta.address.Address;
import org.caravanmta.cli.Typed;
import org.caravanmta.control.ControlServer;
import org.caravanmta.filter.SecondOpinion;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.HandClock;
import org.caravanmta.quarantine.QuarantineSettings.Told;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Fence;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueFollower;
import org.caravanmta.restriction.blocked.BlockVerbs;
import org.caravanmta.restriction.blocked.Blocklist;
import org.caravanmta.state.DigestMemory;
import org.caravanmta.state.JdbcBlocks;
import org.caravanmta.state.JdbcDigests;
import org.caravanmta.state.JdbcQuarantine;
import org.caravanmta.state.QuarantineIndex;
import org.caravanmta.state.StateOnDemand;
import org.caravanmta.state.StateStore;
import org.caravanmta.table.Lookup;
import org.jspecify.annotations.Nullable;

/// A quarantine as a server has it: a real broker, a real database that may be away, and the
/// command line.
final class Ward implements AutoCloseable {
  static final List<String> QUEUES =
      List.of("routing", "hold", "dead", "operator", "quarantine", "quarantined");

  final HandClock clock = new HandClock();
  final List<String> released = new CopyOnWriteArrayList<>();
  final Depot depot;
  final QuarantineIndex index;
  final QueueAdmin admin;
  final Inventory inventory;
  final QuarantineSweep sweep;
  final Blocklist blocklist;
  final ContentStore store;
  volatile boolean away;

  /// Whether it is without its lock, as a node of a cluster.
  volatile boolean fenced;

  /// What filters say when they are asked again; null if no route names them.
  volatile @Nullable Function<Mail, SecondOpinion> opinion;

  private final AtomicInteger letters = new AtomicInteger();
  private final StateOnDemand state;
  private final String node;
  private final Path directory;
  private final ControlServer control;

  /// @param told who gets digests
  Ward(Path directory, Depot depot, Told told) throws Exception {
    this(directory, depot, told, "", () -> StateStore.embedded(directory.resolve("state")));
  }

  /// @param node its name in a cluster
  /// @param opening opens its database
  Ward(Path directory, Depot depot, Told told, String node, Supplier<StateStore> opening)
      throws Exception {
    this.directory = directory;
    this.depot = depot;
    this.node = node;
    state =
        new StateOnDemand(
            () -> {
              if (away) {
                throw new IllegalArgumentException("the database is away");
              }
              return opening.get();
            });
    index = new JdbcQuarantine(state, node);
    var quarantine = new Quarantine(index);
    if (!node.isEmpty() && depot.broker() instanceof EmbeddedBroker own) {
      own.follow(noCopies(), new Fence(() -> !fenced, () -> !fenced));
    }
    depot.component.setQueues(QUEUES);
    depot.route(
        to ->
            to.from("artemis:quarantine?settle=individual&window=50")
                .bean(quarantine, "keep")
                .to("artemis:quarantined"));
    depot.route(to -> to.from("direct:ends").to("artemis:quarantine").to("artemis:routing"));
    depot.start();
    admin =
        new QueueAdmin(
            depot.broker(), Depot.CODECS, () -> QUEUES, depot.runtime.lanes(), released::add);
    inventory = new Inventory(admin, index);
    blocklist = new Blocklist(new JdbcBlocks(state, () -> true), clock);
    QuarantineSettings settings = settings(told);
    store = ContentStore.open(directory.resolve("content"));
    sweep =
        new QuarantineSweep(
            admin,
            inventory,
            quarantine::wasBehind,
            settings.keep(),
            told == Told.OFF ? Optional.empty() : Optional.of(digests(settings)),
            node.isEmpty() ? Optional.empty() : Optional.of(elsewhere()),
            clock);
    var rescan = new Rescan(admin, _ -> Optional.ofNullable(opinion), store, inventory, clock);
    var verbs = new HashMap<>(new QuarantineVerbs(admin, inventory, rescan, clock).all());
    verbs.putAll(BlockVerbs.of(blocklist, clock));
    control = new ControlServer(directory, verbs);
  }

  private static QueueFollower noCopies() {
    return new QueueFollower() {
      @Override
      public void first(long number, Frame frame, Consumer<@Nullable Throwable> copied) {
        copied.accept(null);
      }

      @Override
      public void withdraw(long number) {}

      @Override
      public void committed(Collection<Placed> gone, Collection<Placed> come) {}
    };
  }

  static Ward embedded(Path directory) throws Exception {
    return embedded(directory, Told.OFF);
  }

  static Ward embedded(Path directory, Told told) throws Exception {
    return new Ward(directory, Depot.at(directory.resolve("broker")), told);
  }

  DigestMemory memory() {
    return new JdbcDigests(state, node);
  }

  /// Of a server of its own at the same database and broker.
  Digests digests(QuarantineSettings settings) {
    return new Digests(
        settings,
        memory(),
        admin,
        new Digest(
            "mx.own.example",
            "own.example",
            ZoneOffset.UTC,
            settings
                .links()
                .map(
                    base ->
                        new DigestLinks(
                            base, new LinkSigner(memory()), settings.keep(), Ward::ours))),
        Address.parse("postmaster@own.example"),
        Ward::ours,
        () -> "digest" + letters.incrementAndGet(),
        ZoneOffset.UTC);
  }

  static QuarantineSettings settings(Told told) {
    return settings(told, Optional.empty());
  }

  /// @param links where pages of links are reached
  static QuarantineSettings settings(Told told, Optional<String> links) {
    return new QuarantineSettings(
        Duration.ofDays(30), told, Duration.ofDays(1), 7, true, links, Optional.empty());
  }

  static Lookup ours(Address address) {
    return address.domain().name().equals("own.example")
        ? new Lookup.Found("own.example")
        : new Lookup.Absent();
  }

  /// The pages of links, of a server of its own at the same database and broker.
  LinkPages pages() {
    LinksElsewhere elsewhere = elsewhere();
    return new LinkPages(elsewhere.signer(), elsewhere.deeds(), elsewhere, clock);
  }

  private LinksElsewhere elsewhere() {
    return new LinksElsewhere(
        memory().followed(),
        new LinkSigner(memory()),
        new LinkDeeds(
            admin,
            inventory,
            index,
            blocklist,
            store,
            () -> "ref" + letters.incrementAndGet(),
            clock),
        clock);
  }

  /// Set aside by a filter.
  static Mail detained(String id, String subject, Instant since, String... recipients) {
    Mail mail = Letters.letter(id);
    var custody =
        new Custody(
            "rspamd http://127.0.0.1:11333", "5.7.1 looks odd", OptionalDouble.of(15.2), since);
    return mail.with(
            Headers.parse(("Subject: " + subject + "\r\n").getBytes(StandardCharsets.UTF_8)))
        .with(mail.envelope().with(mail.envelope().passage().in(custody)))
        .with(Arrays.stream(recipients).map(to -> Recipient.of(Address.parse(to))).toList());
  }

  /// Puts it into the quarantine, and waits until it lies there.
  void put(Mail... all) throws Exception {
    long before = depot.depth("quarantined");
    for (Mail mail : all) {
      depot.keep("quarantine", mail);
    }
    await().until(() -> depot.depth("quarantined") == before + all.length);
  }

  Typed type(String... words) {
    return Typed.command(directory, words);
  }

  /// The ids of the list.
  List<String> listed(String... options) {
    var words = new ArrayList<>(List.of("quarantine", "list", "--json"));
    words.addAll(List.of(options));
    return type(words.toArray(String[]::new))
        .out()
        .lines()
        .map(line -> line.replaceFirst(".*\"queue_id\": \"([^\"]*)\".*", "$1"))
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      control.close();
      blocklist.close();
      sweep.close();
      depot.close();
      state.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
