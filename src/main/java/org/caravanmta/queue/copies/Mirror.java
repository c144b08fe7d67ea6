package org.caravanmta.queue.copies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.apache.activemq.artemis.utils.collections.ConcurrentLongHashSet;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.message.ContentStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that this node has of the messages of one journal of another node.
final class Mirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

  /// Messages that are passed on together.
  private static final int TOGETHER = 500;

  /// Takes copies over.
  interface Taker {
    void take(List<Copy> copies) throws IOException;
  }

  final String node;
  final String source;
  private final Path directory;
  private final int pace;
  private final CopyJournal journal;
  private final ContentStore contents;
  private final ConcurrentLongHashSet numbers = new ConcurrentLongHashSet();

  private final CopiedContents refs = new CopiedContents();

  /// Contents that the other node has not got either.
  private final Set<String> missing = new HashSet<>();

  private final ReentrantLock serving = new ReentrantLock();
  private volatile @Nullable NodeLink served;

  // guarded by `this`, as what is above
  private final Deque<Awaited> awaited = new ArrayDeque<>();
  private long written;
  private long synced;
  private boolean closed;

  /// Whether something could not be written, so that the disk may have less than `numbers`.
  private boolean broken;

  /// Who waits for what was written before.
  private record Awaited(long written, IOCompletion done) {}

  private Mirror(String node, String source, Path directory, int pace) throws IOException {
    this.node = node;
    this.source = source;
    this.directory = directory;
    this.pace = pace;
    this.contents = ContentStore.open(directory.resolve("content"));
    this.journal = CopyJournal.open(directory.resolve("journal"), pace, this::read, this::readGone);
    contents.sweep(refs.all());
  }

  /// @param source the journal that these are copies of
  static Mirror open(Path directory, String node, String source, int pace) throws IOException {
    return new Mirror(node, source, directory, pace);
  }

  boolean isOf(Kept kept) {
    return node.equals(kept.node()) && source.equals(kept.source());
  }

  private void read(Copy copy) {
    numbers.add(copy.number());
    copy.content().ifPresent(ref -> refs.add(copy.number(), ref));
  }

  private void readGone(long number) {
    numbers.remove(number);
    refs.remove(number);
  }

  /// The messages it has.
  ConcurrentLongHashSet numbers() {
    return numbers;
  }

  /// Waits until what an earlier connection has brought is on the disk: nobody may count on {@link
  /// #numbers} before.
  ///
  /// @throws IOException if it cannot be written, or not in time
  synchronized void settle(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (synced < written && !broken) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IOException("the disk of the copies does not answer");
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("ended", e);
    }
    if (broken) {
      throw new IOException("the copies that came before cannot be written");
    }
  }

  ContentStore contents() {
    return contents;
  }

  /// Waits until an earlier connection is served no longer.
  ///
  /// @throws IOException if these copies are kept no longer
  void enter(NodeLink link) throws IOException {
    NodeLink earlier = served;
    if (earlier != null) {
      earlier.close();
    }
    serving.lock();
    if (isOver()) {
      serving.unlock();
      throw new IOException("these copies are no longer kept");
    }
    served = link;
  }

  /// Closes it if nobody is served and `useless` says so then.
  ///
  /// @return whether it is closed
  boolean retire(Useless useless) throws IOException, InterruptedException {
    if (!serving.tryLock()) {
      return false;
    }
    try {
      if (!useless.isSo()) {
        return false;
      }
      close();
      return true;
    } finally {
      serving.unlock();
    }
  }

  private synchronized boolean isOver() {
    return closed || broken;
  }

  /// Whether it has to be opened again, to have what is on the disk.
  synchronized boolean isBroken() {
    return broken;
  }

  void leave() {
    served = null;
    serving.unlock();
  }

  synchronized void missing(String ref) {
    missing.add(ref);
  }

  /// Makes it so, or changes nothing.
  ///
  /// @param done run when it is on the disk
  synchronized void apply(CopyBatch cut, IOCompletion done) throws IOException {
    if (closed || broken) {
      throw new IOException("these copies are no longer kept");
    }
    var copies = new ArrayList<Copy>();
    for (byte[] bytes : cut.come()) {
      Copy copy = Copy.decode(bytes);
      checkContent(copy);
      copies.add(copy);
    }
    var come = new ArrayList<Copy>();
    var gone = new ArrayList<Long>();
    for (Copy copy : copies) {
      if (numbers.add(copy.number())) {
        copy.content().ifPresent(ref -> refs.add(copy.number(), ref));
        come.add(copy);
      }
    }
    for (long number : cut.gone()) {
      if (numbers.remove(number)) {
        gone.add(number);
      }
    }
    List<String> released = gone.stream().flatMap(number -> refs.remove(number).stream()).toList();
    if (!come.isEmpty() || !gone.isEmpty()) {
      written++;
      write(come, gone, new Written(written, released, done));
    } else if (synced == written) {
      done.done();
    } else {
      awaited.add(new Awaited(written, done));
    }
  }

  private synchronized void write(List<Copy> come, List<Long> gone, Written done)
      throws IOException {
    try {
      journal.write(come, gone, done);
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  private void checkContent(Copy copy) throws IOException {
    Optional<String> ref = copy.content();
    if (ref.isPresent() && !contents.has(ref.get()) && !missing.contains(ref.get())) {
      throw new IOException("content " + ref.get() + " has not come");
    }
  }

  private synchronized List<IOCompletion> synced(long number) {
    synced = Math.max(synced, number);
    notifyAll();
    var ready = new ArrayList<IOCompletion>();
    while (!awaited.isEmpty() && awaited.peek().written() <= synced) {
      ready.add(awaited.poll().done());
    }
    return ready;
  }

  private void release(List<String> released) {
    for (String ref : released) {
      try {
        contents.release(ref);
      } catch (IOException e) {
        LOG.debug("the copy of content {} stays until the next start: {}", ref, e.toString());
      }
    }
  }

  private synchronized void broken() {
    broken = true;
    notifyAll();
  }

  /// Something that is on its way to the disk.
  private final class Written implements IOCompletion {
    private final long number;
    private final List<String> released;
    private final IOCompletion done;

    Written(long number, List<String> released, IOCompletion done) {
      this.number = number;
      this.released = released;
      this.done = done;
    }

    @Override
    public void storeLineUp() {
      // nobody counts them
    }

    @Override
    public void done() {
      List<IOCompletion> ready = synced(number);
      done.done();
      ready.forEach(IOCompletion::done);
      release(released);
    }

    @Override
    public void onError(int code, String message) {
      broken();
      done.onError(code, message);
    }
  }

  /// Takes nothing more, and passes on all it has.
  void pass(Taker taker) throws IOException {
    NodeLink now = served;
    if (now != null) {
      now.close();
    }
    serving.lock();
    try {
      close();
    } finally {
      serving.unlock();
    }
    var batch = new ArrayList<Copy>();
    var failed = new ArrayList<IOException>();
    var left = new ConcurrentLongHashSet();
    (isBroken() ? written() : numbers).forEach(left::add);
    CopyJournal again =
        CopyJournal.open(
            directory.resolve("journal"),
            pace,
            copy -> {
              if (left.remove(copy.number()) && failed.isEmpty()) {
                batch.add(copy);
                if (batch.size() == TOGETHER) {
                  pass(batch, taker, failed);
                }
              }
            },
            _ -> {});
    again.close();
    if (failed.isEmpty()) {
      pass(batch, taker, failed);
    }
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
    if (!left.isEmpty()) {
      throw new IOException(left.size() + " copies of mail of " + node + " cannot be read");
    }
  }

  /// The messages that are on the disk.
  private ConcurrentLongHashSet written() throws IOException {
    var all = new ConcurrentLongHashSet();
    CopyJournal.open(
            directory.resolve("journal"), pace, copy -> all.add(copy.number()), all::remove)
        .close();
    return all;
  }

  private static void pass(List<Copy> batch, Taker taker, List<IOException> failed) {
    try {
      if (!batch.isEmpty()) {
        taker.take(List.copyOf(batch));
      }
    } catch (IOException e) {
      failed.add(e);
    }
    batch.clear();
  }

  /// What is being written is written first; whoever waits for that needs the monitor.
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      journal.close();
    } catch (IllegalStateException e) {
      if (!isBroken()) {
        throw e;
      }
      LOG.debug("cluster: copies of {}'s mail", node, e);
    }
  }

  /// Closes it, and removes all of it.
  void delete() {
    close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("copies that are no longer needed stay in {}: {}", directory, e.toString());
    }
  }
}
