package org.caravanmta.queue.copies;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    void complete(Keeper keeper);
  }

  private final Ledger ledger;
  private final Keepers keepers;
  private final ContentStore store;
  private final String source;
  private final CopyStream.Inventory inventory;
  private final boolean required;
  private final Map<String, Long> failed = new HashMap<>();
  private final Map<String, String> said = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable CopyStream current;
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
  }

  public void start() {
    thread.start();
  }

  /// Who keeps them now; empty for nobody.
  public Optional<String> keeper() {
    return Optional.of(keeping).filter(name -> !name.isEmpty());
  }

  /// Whether another node has copies of all our mail.
  public boolean inSync() {
    return !keeping.isEmpty() && ledger.single() == 0;
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
      Optional<Keeper> next = keepers.next(avoided());
      if (next.isEmpty()) {
        rest();
      } else {
        keep(next.get());
      }
    }
  }

  private void keep(Keeper keeper) {
    try (NodeLink link = keeper.opening().open(CopyKeeper.COPIES)) {
      var stream =
          new CopyStream(
              ledger,
              link,
              () -> keeper.opening().open(CopyKeeper.CONTENTS),
              store,
              source,
              inventory,
              new CopyStream.Turn() {
                @Override
                public void begins() throws IOException {
                  keepers.begins(keeper);
                  keeping = keeper.node();
                  said.remove(keeper.node());
                  LOG.info("cluster: {} keeps the copies of our mail", keeper.node());
                }

                @Override
                public void complete() {
                  keepers.complete(keeper);
                }
              });
      current = stream;
      if (closed.getCount() > 0) {
        stream.run();
      }
    } catch (IOException e) {
      if (closed.getCount() > 0) {
        warn(keeper, e.getMessage() == null ? e.toString() : e.getMessage());
        failed.put(keeper.node(), System.nanoTime());
        rest();
      }
    } catch (RuntimeException e) {
      LOG.error("cluster: no copies at {}", keeper.node(), e);
      failed.put(keeper.node(), System.nanoTime());
      rest();
    } finally {
      keeping = "";
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
      if (thread.getState() != Thread.State.NEW) {
        thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
