package org.caravanmta.queue.copies;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.activemq.artemis.utils.collections.ConcurrentLongHashSet;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.message.ContentStore;
import org.caravanmta.queue.spi.Placed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One keeper's turn: the connection over which it is told what the {@link Ledger} says, until that
/// breaks or is ended.
final class CopyStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyStream.class);

  /// What is told at least, so that each side knows that the other is there.
  private static final Duration BEAT = Duration.ofMillis(500);

  /// How often it is looked whether it has all, in milliseconds.
  private static final long GLANCE = 5;

  /// A keeper that has confirmed nothing for so long is not there any more.
  static final Duration SILENCE = Duration.ofSeconds(3);

  /// The keeper says first what it has, which takes a while if that is much.
  private static final Duration TO_BEGIN = Duration.ofSeconds(20);

  /// Goes through the messages on our queues.
  public interface Inventory {
    void each(Consumer<Placed> use) throws Exception;
  }

  /// Is told of the keeper's turn.
  interface Turn {
    /// @throws IOException if it may not begin
    void begins() throws IOException;

    /// The keeper has confirmed copies of all that was there when its turn began.
    ///
    /// @throws IOException if it may not go on
    void complete() throws IOException;

    /// Whether an earlier keeper has copies of all, and counts until this one has: until then
    /// nobody is told that there is a copy of his mail.
    boolean isInstead();
  }

  private final Ledger ledger;
  private final NodeLink link;
  private final ContentCopier contents;
  private final String source;
  private final Inventory inventory;
  private final Turn turn;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Throwable why;

  /// @param opening to the same keeper, for contents
  /// @param source our journal
  CopyStream(
      Ledger ledger,
      NodeLink link,
      ContentCopier.Opening opening,
      ContentStore store,
      String source,
      Inventory inventory,
      Turn turn) {
    this.ledger = ledger;
    this.link = link;
    this.inventory = inventory;
    this.turn = turn;
    this.contents = new ContentCopier(store, source, opening, this::broken);
    this.source = source;
  }

  /// Has copies kept until the connection breaks, or is closed.
  ///
  /// @throws IOException why it is over
  void run() throws IOException {
    try {
      link.setPatience(TO_BEGIN);
      link.out().writeUTF(source);
      link.out().flush();
      String refusal = link.in().readUTF();
      if (!refusal.isEmpty()) {
        throw new IOException(link.peer() + " keeps no copies: " + refusal);
      }
      ConcurrentLongHashSet has = numbers();
      link.setPatience(SILENCE);
      turn.begins();
      ledger.begin(has, contents, turn.isInstead());
      try {
        Thread.ofVirtual().name("copies confirmed").start(this::confirmations);
        Thread.ofVirtual().name("copies of what there was").start(this::inventory);
        tell();
      } finally {
        close();
        ledger.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("ended", e);
    } catch (IOException e) {
      Throwable known = why;
      Throwable first = known == null ? e : known;
      String what = first.getMessage();
      // the other side has said why in its own log
      throw new IOException(what == null ? "it has ended the connection" : what, first);
    } finally {
      close();
    }
  }

  private ConcurrentLongHashSet numbers() throws IOException {
    var has = new ConcurrentLongHashSet();
    for (int left = link.in().readInt(); left > 0; left--) {
      has.add(link.in().readLong());
    }
    return has;
  }

  private void tell() throws IOException, InterruptedException {
    while (!closed.get()) {
      CopyBatch cut = ledger.next(BEAT);
      cut.write(link.out());
      link.out().flush();
    }
  }

  private void confirmations() {
    try {
      while (true) {
        ledger.confirmed(link.in().readLong());
      }
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
  }

  private void inventory() {
    try {
      while (ledger.unoffered() > 0 && !closed.get()) {
        inventory.each(this::offer);
      }
      // not before it is all on the keeper's disk: then an earlier keeper removes what it has
      while (ledger.single() > 0 && !closed.get()) {
        Thread.sleep(GLANCE);
      }
      if (!closed.get()) {
        turn.complete();
        ledger.complete();
      }
    } catch (IOException e) {
      broken(e);
    } catch (Exception e) {
      LOG.error("cluster: what is on the queues cannot be copied", e);
      broken(e);
    }
  }

  private void offer(Placed one) {
    ledger.offer(one);
    while (!ledger.hasRoom() && !closed.get()) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
      }
    }
  }

  private void broken(Throwable cause) {
    if (!closed.get() && why == null) {
      why = cause;
    }
    close();
  }

  @Override
  public void close() {
    closed.set(true);
    contents.close();
    link.close();
  }
}
