package org.caravanmta.queue.copies;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.StoredSpool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps copies for other nodes, below one directory: `NODE/SOURCE/`, where the source is the
/// journal of that node.
///
/// What a connection says: first the source; back come the numbers of all messages that are here;
/// then {@link CopyBatch}s, each of which is confirmed by its number when it is on the disk.
public final class CopyKeeper implements AutoCloseable {
  /// What connections are for.
  public static final String COPIES = "copies";

  public static final String CONTENTS = "contents";

  // what is asked of contents, and answered
  static final byte PUT = 1;
  static final byte LINK = 2;
  static final byte MISSING = 3;
  static final byte DONE = 1;
  static final byte ABSENT = 2;

  private static final Logger LOG = LoggerFactory.getLogger(CopyKeeper.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /// Whoever is silent for longer has gone: something is told every second.
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /// How long a disk may take for what came before.
  private static final Duration TO_SETTLE = Duration.ofSeconds(5);

  private static final int BLOCK = 64 << 10;

  /// Says why nothing is taken now.
  public interface Reluctance {
    /// @param node who wants it
    Optional<String> reason(String node);
  }

  private final Path directory;
  private final int pace;
  private final Reluctance reluctance;
  private final List<Mirror> mirrors = new ArrayList<>();

  /// Those whose files are being removed.
  private final List<Mirror> removing = new ArrayList<>();

  /// @param pace how long writes are gathered before they are synced, in nanoseconds
  public CopyKeeper(Path directory, int pace, Reluctance reluctance) throws IOException {
    this.directory = OwnerOnly.directory(directory);
    this.pace = pace;
    this.reluctance = reluctance;
    for (Path node : children(directory)) {
      for (Path source : children(node)) {
        mirrors.add(
            Mirror.open(
                source, node.getFileName().toString(), source.getFileName().toString(), pace));
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  /// How many messages of a node there are copies of here.
  public synchronized long count(String node) {
    return of(node).stream().mapToLong(one -> one.numbers().size()).sum();
  }

  public synchronized List<Kept> kept() {
    return mirrors.stream().map(one -> new Kept(one.node, one.source)).toList();
  }

  synchronized Optional<Mirror> find(Kept kept) {
    return mirrors.stream().filter(one -> one.isOf(kept)).findFirst();
  }

  synchronized List<Mirror> of(String node) {
    return mirrors.stream().filter(one -> one.node.equals(node)).toList();
  }

  private synchronized Mirror mirror(String node, String source) throws IOException {
    if (!NAME.matcher(node).matches() || !NAME.matcher(source).matches()) {
      throw new IOException("not the name of a node and of its journal");
    }
    var kept = new Kept(node, source);
    Optional<Mirror> there = find(kept);
    if (there.isPresent() && !there.get().isBroken()) {
      return there.get();
    }
    if (there.isPresent()) {
      // what is on the disk counts, not what was to be written
      mirrors.remove(there.get());
      there.get().close();
    }
    if (removing.stream().anyMatch(one -> one.isOf(kept))) {
      throw new IOException("earlier copies are being removed");
    }
    Path place = directory.resolve(node).resolve(source);
    OwnerOnly.directory(place);
    var opened = Mirror.open(place, node, source, pace);
    mirrors.add(opened);
    return opened;
  }

  /// Removes what there is of a journal of a node, since others have it.
  ///
  /// @param useless asked once more when nobody is served any more
  /// @return whether it was
  public boolean forget(Kept kept, Useless useless) throws IOException, InterruptedException {
    Optional<Mirror> mirror = find(kept);
    boolean retired = mirror.isPresent() && mirror.get().retire(useless);
    if (retired) {
      remove(mirror.get());
    }
    return retired;
  }

  /// Removes what was taken over.
  void remove(Mirror mirror) {
    synchronized (this) {
      mirrors.remove(mirror);
      removing.add(mirror);
    }
    try {
      mirror.delete();
    } finally {
      synchronized (this) {
        removing.remove(mirror);
      }
    }
  }

  /// Serves a node that wants copies kept.
  public void serve(NodeLink link) throws IOException {
    link.setPatience(SILENCE);
    String source = link.in().readUTF();
    Optional<String> reason = reluctance.reason(link.peer());
    if (reason.isPresent()) {
      link.out().writeUTF(reason.get());
      link.out().flush();
      return;
    }
    Mirror mirror = mirror(link.peer(), source);
    mirror.enter(link);
    try {
      serve(link, mirror);
    } finally {
      mirror.leave();
    }
  }

  private void serve(NodeLink link, Mirror mirror) throws IOException {
    mirror.settle(TO_SETTLE);
    link.out().writeUTF("");
    var numbers = new ArrayList<Long>();
    mirror.numbers().forEach(numbers::add);
    link.out().writeInt(numbers.size());
    for (long number : numbers) {
      link.out().writeLong(number);
    }
    link.out().flush();
    LOG.info("cluster: copies of {}'s mail are kept here", link.peer());
    var confirmations = new Confirmations(link);
    Thread.ofVirtual().name("copies of " + link.peer()).start(confirmations);
    try {
      while (true) {
        CopyBatch cut = CopyBatch.read(link.in());
        Optional<String> now = reluctance.reason(link.peer());
        if (now.isPresent()) {
          throw new IOException(now.get());
        }
        mirror.apply(cut, confirmations.of(cut));
      }
    } finally {
      confirmations.end();
      LOG.info("cluster: {} has copies kept here no longer", link.peer());
    }
  }

  /// Serves a node that has contents kept.
  public void serveContents(NodeLink link) throws IOException {
    Mirror mirror = mirror(link.peer(), link.in().readUTF());
    ContentStore contents = mirror.contents();
    DataInputStream in = link.in();
    DataOutputStream out = link.out();
    while (true) {
      byte asked = in.readByte();
      out.writeByte(
          switch (asked) {
            case PUT -> put(in, contents, in.readUTF());
            case LINK -> contents.link(in.readUTF(), in.readUTF()) ? DONE : ABSENT;
            case MISSING -> {
              mirror.missing(in.readUTF());
              yield DONE;
            }
            default -> throw new IOException("not what a node asks: " + asked);
          });
      out.flush();
    }
  }

  private byte put(DataInputStream in, ContentStore contents, String ref) throws IOException {
    StoredSpool spool = contents.create(ref);
    try {
      for (int length = in.readInt(); length > 0; length = in.readInt()) {
        if (length > BLOCK) {
          throw new IOException("not what a node sends: " + length);
        }
        spool.write(Copy.bytes(in, length));
      }
    } catch (IOException e) {
      spool.abort();
      throw e;
    }
    spool.finish();
    return DONE;
  }

  @Override
  public synchronized void close() {
    mirrors.forEach(Mirror::close);
  }

  /// Tells the other side what is on the disk.
  private static final class Confirmations implements Runnable {
    private final NodeLink link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private long synced;
    private long said;
    private boolean ended;

    Confirmations(NodeLink link) {
      this.link = link;
    }

    IOCompletion of(CopyBatch cut) {
      return new IOCompletion() {
        @Override
        public void storeLineUp() {
          // nobody counts them
        }

        @Override
        public void done() {
          synced(cut.number());
        }

        @Override
        public void onError(int code, String message) {
          LOG.error("cluster: copies of {}'s mail cannot be written: {}", link.peer(), message);
          link.close();
        }
      };
    }

    private void synced(long number) {
      lock.lock();
      try {
        synced = Math.max(synced, number);
        more.signal();
      } finally {
        lock.unlock();
      }
    }

    void end() {
      lock.lock();
      try {
        ended = true;
        more.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      try {
        while (await()) {
          link.out().writeLong(said);
          link.out().flush();
        }
      } catch (IOException | InterruptedException e) {
        link.close();
      }
    }

    private boolean await() throws InterruptedException {
      lock.lock();
      try {
        while (synced == said && !ended) {
          more.await();
        }
        said = synced;
        return !ended;
      } finally {
        lock.unlock();
      }
    }
  }
}
