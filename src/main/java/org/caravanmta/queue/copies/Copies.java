package org.caravanmta.queue.copies;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.message.ContentStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that some other node keeps copies of our mail: when it goes, the next one does.
public final class Copies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

  /// One that could not be had is not asked again for so long, if there are others.
  private static final Duration AVOIDED = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(100);

  /// How often it is looked whether another should keep them.
  private static final Duration GLANCE = Duration.ofSeconds(1);

  /// One that could not, or that was to already, is not asked to keep them instead of another for
  /// so long.
  private static final Duration SHY = Duration.ofMinutes(10);

  /// With more messages than that on our queues they stay where they are.
  private static final long MOST_MOVED = 1000;

  /// For how long what becomes of mail may be unrecorded elsewhere before nothing more is begun.
  private static final Duration UNRECORDED = Duration.ofSeconds(2);

  /// Who says which nodes there are.
  public interface Keepers {
    /// Who should keep our copies now.
    ///
    /// @param avoided those that could not be had a moment ago, to be chosen last
    Optional<Keeper> next(Set<String> avoided);

    /// Writes down that from now on it is this one.
    ///
    /// @throws IOException if that cannot be done: then it keeps nothing
    void begins(Keeper keeper) throws IOException;

    /// Writes down that it has all.
    ///
    /// @throws IOException if that is not known
    void complete(Keeper keeper) throws IOException;

    /// Who should keep them instead of the one that does, although that could go on.
    Optional<Keeper> better(Keeper now);
  }

  /// Who is to keep them instead, and the connection to it.
  private record Move(Keeper keeper, NodeLink link) {}

  private final Ledger ledger;
  private final Keepers keepers;
  private final ContentStore store;
  private final String source;
  private final CopyStream.Inventory inventory;
  private final boolean required;
  private final Map<String, Long> failed = new HashMap<>();

  /// When others were asked in vain, or to keep them instead.
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  private final AtomicReference<@Nullable Move> moving = new AtomicReference<>();
  private final Map<String, String> said = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private final Thread looking;
  private volatile @Nullable CopyStream current;

  /// The keeper, when it has all.
  private volatile @Nullable Keeper whole;

  private volatile String keeping = "";

  /// @param source our journal
  /// @param required whether mail waits for a copy
  public Copies(
      Ledger ledger,
      Keepers keepers,
      ContentStore store,
      String source,
      CopyStream.Inventory inventory,
      boolean required) {
    this.ledger = ledger;
    this.keepers = keepers;
    this.store = store;
    this.source = source;
    this.inventory = inventory;
    this.required = required;
    this.thread = Thread.ofPlatform().daemon().name("copies").unstarted(this::run);
    this.looking = Thread.ofPlatform().daemon().name("copies-place").unstarted(this::look);
  }

  public void start() {
    thread.start();
    looking.start();
  }

  /// Who keeps them now; empty for nobody.
  public Optional<String> keeper() {
    return Optional.of(keeping).filter(name -> !name.isEmpty());
  }

  /// Whether another node has copies of all our mail.
  public boolean inSync() {
    return !keeping.isEmpty() && ledger.single() == 0;
  }

  /// Whether mail is taken although nobody keeps copies of it.
  public boolean isExposed() {
    return !required && keeping.isEmpty();
  }

  /// Whether what becomes of mail is recorded elsewhere, as far as that is wanted.
  public boolean recording() {
    if (!required) {
      return true;
    }
    // one that takes the connection and fails at all it is told is no keeper either
    return ledger.failing().compareTo(UNRECORDED) < 0 && ledger.lag().compareTo(UNRECORDED) < 0;
  }

  /// Waits until the keeper has been told of all that has happened, if there is one.
  ///
  /// @return whether it has
  public boolean settle(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!ledger.settled()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(5);
    }
    return true;
  }

  /// Has another keep them, as soon as it can.
  public void change() {
    CopyStream stream = current;
    if (stream != null) {
      stream.close();
    }
  }

  private void run() {
    while (closed.getCount() > 0) {
      Move move = moving.getAndSet(null);
      Optional<Keeper> next = move == null ? keepers.next(avoided()) : Optional.empty();
      if (move != null) {
        keep(move.keeper(), _ -> move.link(), true);
      } else if (next.isPresent()) {
        keep(next.get(), next.get().opening(), false);
      } else {
        rest();
      }
    }
  }

  /// @param instead of another that has all
  private void keep(Keeper keeper, Keeper.Opening opening, boolean instead) {
    try (NodeLink link = opening.open(CopyKeeper.COPIES)) {
      var stream =
          new CopyStream(
              ledger,
              link,
              () -> keeper.opening().open(CopyKeeper.CONTENTS),
              store,
              source,
              inventory,
              new KeeperTurn(keeper, instead));
      current = stream;
      if (closed.getCount() > 0) {
        stream.run();
      }
    } catch (IOException e) {
      if (closed.getCount() > 0 && moving.get() == null) {
        warn(keeper, e.getMessage() == null ? e.toString() : e.getMessage());
        failed(keeper);
      }
    } catch (RuntimeException e) {
      LOG.error("cluster: no copies at {}", keeper.node(), e);
      failed(keeper);
    } finally {
      keeping = "";
      whole = null;
    }
  }

  private void failed(Keeper keeper) {
    failed.put(keeper.node(), System.nanoTime());
    asked.put(keeper.node(), System.nanoTime());
    rest();
  }

  private final class KeeperTurn implements CopyStream.Turn {
    private final Keeper keeper;
    private final boolean instead;

    KeeperTurn(Keeper keeper, boolean instead) {
      this.keeper = keeper;
      this.instead = instead;
    }

    @Override
    public void begins() throws IOException {
      if (!instead) {
        keepers.begins(keeper);
      }
      keeping = keeper.node();
      said.remove(keeper.node());
      LOG.info("cluster: {} keeps the copies of our mail", keeper.node());
    }

    @Override
    public void complete() throws IOException {
      try {
        keepers.complete(keeper);
        LOG.info("cluster: {} has copies of all our mail", keeper.node());
      } catch (IOException e) {
        if (instead) {
          throw e;
        }
        LOG.warn("cluster: it is not known yet that {} has all: {}", keeper.node(), e.getMessage());
      }
      whole = keeper;
    }

    @Override
    public boolean isInstead() {
      return instead;
    }
  }

  private void look() {
    try {
      while (!closed.await(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        Keeper now = whole;
        if (now != null) {
          keepers.better(now).filter(one -> mayAsk(one.node())).ifPresent(this::move);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean mayAsk(String node) {
    Long before = asked.get(node);
    return before == null || System.nanoTime() - before > SHY.toNanos();
  }

  /// Has another keep them instead of the one that has all now, if that can be: whoever keeps them
  /// counts until the other one has all, too, and nobody is told meanwhile that there is a copy of
  /// his mail.
  void move(Keeper to) {
    Keeper now = whole;
    if (now == null || ledger.single() > 0 || ledger.all() > MOST_MOVED) {
      return;
    }
    asked.put(to.node(), System.nanoTime());
    try {
      var move = new Move(to, to.opening().open(CopyKeeper.COPIES));
      moving.set(move);
      if (whole == now) {
        change();
      } else if (moving.compareAndSet(move, null)) {
        move.link().close();
      }
    } catch (IOException e) {
      LOG.debug("cluster: {} cannot keep our copies instead: {}", to.node(), e.toString());
    }
  }

  /// Says once why one keeps nothing, as long as that lasts.
  private void warn(Keeper keeper, String why) {
    if (!why.equals(said.put(keeper.node(), why))) {
      LOG.warn("cluster: no copies at {}: {}", keeper.node(), why);
    }
  }

  private Set<String> avoided() {
    long now = System.nanoTime();
    failed.values().removeIf(at -> now - at > AVOIDED.toNanos());
    return failed.keySet().stream().collect(Collectors.toUnmodifiableSet());
  }

  private void rest() {
    try {
      closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Nobody keeps them any more; waits for nothing.
  public void end() {
    closed.countDown();
    change();
  }

  @Override
  public void close() {
    end();
    try {
      for (Thread each : List.of(looking, thread)) {
        if (each.getState() != Thread.State.NEW) {
          each.join(Duration.ofSeconds(2));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
