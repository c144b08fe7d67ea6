package org.caravanmta.queue.copies;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.message.ContentStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets stored contents to the keeper of the copies, over connections of their own, so that a large
/// body keeps no small mail waiting. What is a further reference to a body that the keeper has is
/// not sent again.
final class ContentCopier implements Telling.Contents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContentCopier.class);
  private static final int CONNECTIONS = 3;
  private static final Duration SILENCE = Duration.ofSeconds(20);
  private static final int BLOCK = 64 << 10;
  private static final int REMEMBERED = 10_000;

  /// Opens a connection to the keeper.
  interface Opening {
    NodeLink open() throws IOException;
  }

  private record Wanted(String ref, Runnable ready) {}

  private final ContentStore store;
  private final String source;
  private final Opening opening;
  private final Consumer<Throwable> broken;
  private final BlockingQueue<Wanted> wanted = new LinkedBlockingQueue<>();

  /// References that the keeper has, by the body they refer to.
  private final Map<Object, String> known = new HashMap<>();

  private volatile boolean closed;

  /// @param broken told if the keeper cannot be given something
  ContentCopier(ContentStore store, String source, Opening opening, Consumer<Throwable> broken) {
    this.store = store;
    this.source = source;
    this.opening = opening;
    this.broken = broken;
    for (int i = 1; i <= CONNECTIONS; i++) {
      Thread.ofVirtual().name("contents-" + i).start(this::run);
    }
  }

  @Override
  public void ensure(String ref, Runnable ready) {
    wanted.add(new Wanted(ref, ready));
  }

  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < CONNECTIONS; i++) {
      wanted.add(new Wanted("", () -> {}));
    }
  }

  private void run() {
    NodeLink link = null;
    try {
      while (!closed) {
        Wanted next = wanted.take();
        if (closed) {
          return;
        }
        if (link == null) {
          link = opening.open();
          link.setPatience(SILENCE);
          link.out().writeUTF(source);
        }
        copy(next.ref(), link);
        next.ready().run();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (!closed) {
        broken.accept(e);
      }
    } finally {
      if (link != null) {
        link.close();
      }
    }
  }

  private void copy(String ref, NodeLink link) throws IOException {
    DataOutputStream out = link.out();
    DataInputStream in = link.in();
    try {
      Optional<Object> body = store.body(ref);
      Optional<String> other = body.flatMap(this::known);
      if (other.isPresent()) {
        out.writeByte(CopyKeeper.LINK);
        out.writeUTF(other.get());
        out.writeUTF(ref);
        out.flush();
        if (in.readByte() == CopyKeeper.DONE) {
          body.ifPresent(it -> remember(it, ref));
          return;
        }
      }
      put(ref, out, in);
      body.ifPresent(it -> remember(it, ref));
    } catch (NoSuchFileException e) {
      // its message is settled already, or waits for the operator to put it back
      LOG.debug("cluster: stored content {} is not there to be copied", ref);
      out.writeByte(CopyKeeper.MISSING);
      out.writeUTF(ref);
      out.flush();
      in.readByte();
    }
  }

  private void put(String ref, DataOutputStream out, DataInputStream in) throws IOException {
    // opened before anything is said of it
    try (InputStream bytes = store.raw(ref)) {
      out.writeByte(CopyKeeper.PUT);
      out.writeUTF(ref);
      byte[] block = new byte[BLOCK];
      for (int count = bytes.read(block); count >= 0; count = bytes.read(block)) {
        out.writeInt(count);
        out.write(block, 0, count);
      }
      out.writeInt(0);
      out.flush();
    }
    if (in.readByte() != CopyKeeper.DONE) {
      throw new IOException("content " + ref + " is not taken");
    }
  }

  private synchronized Optional<String> known(Object body) {
    return Optional.ofNullable(known.get(body));
  }

  private synchronized void remember(Object body, String ref) {
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    known.put(body, ref);
  }
}
