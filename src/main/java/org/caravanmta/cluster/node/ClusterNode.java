package org.caravanmta.cluster.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.cluster.ClusterSettings;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.cluster.link.LinkClient;
import org.caravanmta.cluster.link.LinkSecret;
import org.caravanmta.cluster.link.LinkServer;
import org.caravanmta.cluster.lock.JournalListener;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LockTerms;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Mark;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.lock.NameInUse;
import org.caravanmta.cluster.lock.Taken;
import org.caravanmta.cluster.share.OwnShares;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.message.ContentStore;
import org.caravanmta.queue.copies.Adoption;
import org.caravanmta.queue.copies.Copies;
import org.caravanmta.queue.copies.CopyKeeper;
import org.caravanmta.queue.copies.Ledger;
import org.caravanmta.queue.copies.NotesOffice;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.Fence;
import org.caravanmta.share.Shares;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node in its cluster, from before anything is taken from its queues to the end.
public final class ClusterNode implements AutoCloseable {
  /// What a node says of itself while it does all that a node does.
  public static final String SERVING = "serving";

  /// What it says while no other node keeps the copies of its mail, so that it takes and begins
  /// none.
  public static final String NO_KEEPER = "no-keeper";

  /// What it says while it does not know yet what others have taken over.
  public static final String RETURNING = "returning";

  /// What it says while it finishes what it has begun, to take part in nothing then.
  public static final String DRAINING = "draining";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

  /// How long the lock service may not answer at a start.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// How long what others have taken over is waited for before the listeners are open all the same.
  private static final Duration TO_COME_HOME = Duration.ofSeconds(5);

  private static final Duration TO_SETTLE = Duration.ofSeconds(2);

  private static final long PAUSE = 500;

  /// What a node has at hand.
  ///
  /// @param data its data directory, which it has to itself
  /// @param store where large bodies are
  /// @param claims gets back the content of what is removed
  /// @param again run when another node has taken over our mail while we were at it: this process
  ///   has to let go of everything, and begin again
  public record House(
      Path data, EmbeddedBroker broker, ContentStore store, ContentClaims claims, Runnable again) {}

  /// Connects to the lock service of the cluster.
  ///
  /// @throws IOException names its peers, if none of them answers
  public static LockService connect(ClusterSettings settings)
      throws IOException, InterruptedException {
    try {
      return LockService.connect(
          new LockTerms(settings.locks(), settings.name(), settings.secret(), settings.session()),
          PATIENCE);
    } catch (LocksUnavailable e) {
      throw said(e);
    }
  }

  /// With its sentence alone: what is behind it says nothing to the operator.
  private static IOException said(Exception why) {
    var said = new IOException(why.getMessage());
    said.addSuppressed(why);
    return said;
  }

  private final String name;
  private final House house;
  private final LockService locks;
  private final LinkServer server;
  private final CopyKeeper keeper;
  private final Ledger ledger;
  private final Copies copies;
  private final Neighbours neighbours;
  private final Homecoming homecoming;
  private final Successions takeOvers;
  private final Optional<OwnShares> shares;

  /// Whether others keep copies of our mail.
  private final boolean copied;

  private volatile Member self;
  private volatile Supplier<Adoption> adoption =
      () -> {
        throw new IllegalStateException("not begun");
      };

  /// Whether what others have taken over is known, and removed.
  private volatile boolean home;

  /// Whether all has to begin again.
  private volatile boolean expelled;

  private final Departure departure;
  private volatile boolean begun;
  private final AtomicBoolean beingCopied = new AtomicBoolean();
  private volatile boolean closed;

  private ClusterNode(ClusterSettings settings, House house, LockService locks, Member self)
      throws IOException {
    this.name = self.name();
    this.house = house;
    this.locks = locks;
    this.self = self;
    EmbeddedBroker broker = house.broker();
    boolean required =
        settings.copies() > 1 && settings.withoutCopy() == ClusterSettings.WithoutCopy.REFUSE;
    var secret = new LinkSecret(settings.name(), name, settings.secret());
    HostPort at = settings.address().orElseThrow();
    Path kept = OwnerOnly.directory(house.data().resolve("copies"));
    this.keeper =
        new CopyKeeper(
            kept, broker.pace(), new NodeReluctance(name, locks, broker, broker.roomAt(kept)));
    this.server = new LinkServer(new InetSocketAddress(at.host(), at.port()), secret);
    this.neighbours =
        new Neighbours(name, broker.journal(), locks, new LinkClient(secret), System::nanoTime);
    this.ledger = new Ledger(required, System::nanoTime);
    this.copies =
        new Copies(ledger, neighbours, house.store(), broker.journal(), broker::each, required);
    this.homecoming = new Homecoming(name, broker, locks, neighbours, house.claims());
    this.takeOvers = new Successions(name, broker.journal(), locks, keeper, () -> adoption.get());
    server.offer(CopyKeeper.COPIES, keeper::serve);
    server.offer(CopyKeeper.CONTENTS, keeper::serveContents);
    server.offer(NotesOffice.NOTES, new NotesOffice(broker)::serve);
    this.copied = settings.copies() > 1;
    this.departure = new Departure(name, locks, () -> publish(this.self.in(DRAINING)));
    this.shares =
        settings.sharedLimits() ? Optional.of(new OwnShares(name, neighbours)) : Optional.empty();
    shares.ifPresent(all -> server.offer(OwnShares.SHARES, all::serve));
  }

  /// Takes the lock on the own journal, and waits for it; learns what has become of it meanwhile.
  ///
  /// @param locks closed with the node, or when it cannot join
  /// @throws IOException a sentence says what is missing
  public static ClusterNode join(
      ClusterSettings settings, House house, Member self, LockService locks)
      throws IOException, InterruptedException {
    ClusterNode node = null;
    boolean done = false;
    try {
      node = new ClusterNode(settings, house, locks, self);
      node.join();
      done = true;
      return node;
    } catch (LocksUnavailable | NameInUse e) {
      throw said(e);
    } finally {
      if (!done && node != null) {
        node.close();
      } else if (!done) {
        locks.close();
      }
    }
  }

  private void join() throws IOException, LocksUnavailable, NameInUse, InterruptedException {
    Optional<Taken> taken =
        locks.join(name, self.address(), Mark.of(house.data()), new Listening());
    locks.values().set(Keys.journal(name), house.broker().journal());
    long end = System.nanoTime() + TO_COME_HOME.toNanos();
    Optional<String> missing = comeHome(taken, Optional.empty());
    while (missing.isPresent() && System.nanoTime() - end < 0) {
      Thread.sleep(PAUSE);
      missing = comeHome(taken, Optional.empty());
    }
    house.broker().follow(ledger, new Fence(this::mayBegin, this::mayGoOn));
    if (missing.isPresent()) {
      LOG.error("cluster: no mail is taken, and nothing of ours begun: {}", missing.get());
      Thread.ofVirtual().name("cluster-home").start(() -> keepComingHome(taken));
    }
  }

  /// Lets go of all, to begin without what others have taken over.
  private void beginAgain() {
    expelled = true;
    // it is not to become somebody else's as well
    copies.end();
    Thread.ofPlatform().name("cluster-again").start(house.again());
  }

  /// @param again see {@link Homecoming#attempt}
  private Optional<String> comeHome(Optional<Taken> taken, Optional<Runnable> again)
      throws InterruptedException {
    try {
      Optional<String> missing = homecoming.attempt(taken, again);
      home = missing.isEmpty();
      return missing;
    } catch (IOException | LocksUnavailable e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void keepComingHome(Optional<Taken> taken) {
    try {
      while (!home && !closed && !expelled) {
        Thread.sleep(PAUSE);
        if (begun) {
          comeHome(taken, Optional.of(this::beginAgain));
        }
      }
      if (!home) {
        return;
      }
      LOG.info("cluster: it is known what others have taken over; mail goes on");
      haveCopiesKept();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Has copies kept, and takes over what is left of others, from now on.
  ///
  /// @param toAdopt how their mail is put on our queues
  /// @param leave run when the operator wants this node to take part in nothing: it is to take no
  ///   more mail, and to begin again when what it has begun is done
  public void begin(Supplier<Adoption> toAdopt, Runnable leave)
      throws IOException, InterruptedException {
    adoption = toAdopt;
    publish(self);
    begun = true;
    haveCopiesKept();
    takeOvers.start();
    locks.values().onChange(() -> departure.look(leave));
    departure.look(leave);
  }

  /// Not before what others have taken over is removed: it would be taken over once more.
  private void haveCopiesKept() {
    if (copied && begun && home && beingCopied.compareAndSet(false, true)) {
      copies.start();
    }
  }

  /// Tells the others what settings this node has.
  ///
  /// @param settings a short text, the same on all nodes with the same settings
  public synchronized void describe(String settings) throws IOException, InterruptedException {
    if (!self.settings().equals(settings)) {
      publish(self.with(settings));
    }
  }

  private synchronized void publish(Member changed) throws IOException, InterruptedException {
    self = changed;
    try {
      locks.publish(changed);
    } catch (LocksUnavailable e) {
      throw said(e);
    }
  }

  /// Whether stages may begin anything.
  public boolean mayBegin() {
    return mayGoOn() && copies.recording();
  }

  /// Whether what stages have begun may go on.
  private boolean mayGoOn() {
    return home && !expelled && locks.holds();
  }

  /// Why this node takes no mail, or begins none, now; empty if it does both.
  public Optional<String> impediment() {
    return new Fitness(expelled, departure.hasBegun(), locks.holds(), home, copies.recording())
        .impediment();
  }

  /// Whether mail is taken that is on no other machine, though copies are wanted.
  public boolean isExposed() {
    return copied && copies.isExposed();
  }

  /// Tells the others when this node stops to take and begin mail, and when it does so again.
  public synchronized void tell() throws IOException, InterruptedException {
    String state = !home ? RETURNING : copies.recording() ? SERVING : NO_KEEPER;
    if (!departure.hasBegun() && locks.holds() && !self.state().equals(state)) {
      publish(self.in(state));
    }
  }

  /// Whether mail that is offered now will be taken.
  public boolean takesMail() {
    return home
        && !expelled
        && !departure.hasBegun()
        && (copies.keeper().isPresent() || copies.recording());
  }

  public String name() {
    return name;
  }

  /// Has the other nodes' verbs done here from now on.
  ///
  /// @param verbs what each does on this node alone
  public void serve(Map<String, ControlVerb> verbs) {
    server.offer(VerbPost.VERBS, new VerbPost(verbs)::serve);
  }

  /// The limits of destinations, as this node has them.
  public Shares shares() {
    return shares.map(Shares.class::cast).orElse(Shares.WHOLE);
  }

  public OtherNodes others() {
    return new OtherNodes(name, locks, neighbours);
  }

  public LockService locks() {
    return locks;
  }

  public Copies copies() {
    return copies;
  }

  public Ledger ledger() {
    return ledger;
  }

  public CopyKeeper keeper() {
    return keeper;
  }

  @Override
  public void close() {
    closed = true;
    takeOvers.close();
    settle();
    copies.close();
    shares.ifPresent(OwnShares::close);
    server.close();
    keeper.close();
    locks.close();
  }

  /// Whoever takes over has what has happened until the end.
  private void settle() {
    try {
      if (!copies.settle(TO_SETTLE)) {
        LOG.warn("cluster: what happened last is not known to the keeper of our copies");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listening implements JournalListener {
    @Override
    public void lost() {
      LOG.error("cluster: {} has lost its lock, and begins nothing until it has it again", name);
    }

    @Override
    public void regained(Optional<Taken> taken) {
      if (taken.isPresent()) {
        LOG.error(
            "cluster: {} has taken over our mail while this node was cut off; it begins again",
            taken.get().by());
        beginAgain();
      } else {
        LOG.info("cluster: {} has its lock again", name);
      }
    }
  }
}
