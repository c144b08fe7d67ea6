package org.caravanmta.message;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Writes a new body (RFC 5322 §2.3): it stays in memory as long as it may travel in the queue
/// message, and is written to the {@link ContentStore} when it has become larger. For one thread at
/// a time. What is not finished when the writer is closed is removed.
public final class ContentWriter implements Closeable {
  private final ContentStore store;
  private final String ref;
  private final int inline;
  private final Ends ends;
  private boolean afterCr;
  private ByteArrayOutputStream held = new ByteArrayOutputStream();
  private @Nullable StoredSpool spool;

  /// How the lines of the body end.
  public enum Ends {
    /// As they come.
    KEPT,
    /// With CRLF (RFC 5321 §2.3.8): an LF alone becomes one.
    CRLF
  }

  /// @param ref the name of a large body in the store
  /// @param inline the most bytes that stay in memory (`content.inline-limit`)
  public ContentWriter(ContentStore store, String ref, int inline, Ends ends) {
    this.store = store;
    this.ref = ref;
    this.inline = inline;
    this.ends = ends;
  }

  /// Adds `bytes[from, from + length)`.
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (ends == Ends.KEPT) {
      put(bytes, from, length);
      return;
    }
    int start = from;
    ByteArrayOutputStream changed = null;
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == '\n' && !afterCr) {
        changed = changed == null ? new ByteArrayOutputStream(length + 1024) : changed;
        changed.write(bytes, start, i - start);
        changed.write('\r');
        start = i;
      }
      afterCr = bytes[i] == '\r';
    }
    if (changed == null) {
      put(bytes, from, length);
      return;
    }
    changed.write(bytes, start, from + length - start);
    put(changed.toByteArray(), 0, changed.size());
  }

  private void put(byte[] bytes, int from, int length) throws IOException {
    StoredSpool open = spool;
    if (open == null && held.size() + length <= inline) {
      held.write(bytes, from, length);
      return;
    }
    if (open == null) {
      open = store.create(ref);
      spool = open;
      open.write(held.toByteArray());
      held = new ByteArrayOutputStream(0);
    }
    open.write(bytes, from, length);
  }

  /// Ends the body; a large one is on stable storage then.
  public Content finish() throws IOException {
    StoredSpool open = spool;
    spool = null;
    return open == null ? new Content.Inline(held.toByteArray()) : open.finish();
  }

  @Override
  public void close() {
    StoredSpool open = spool;
    spool = null;
    if (open != null) {
      open.abort();
    }
  }
}
