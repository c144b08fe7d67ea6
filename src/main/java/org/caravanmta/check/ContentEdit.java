package org.caravanmta.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.StoredSpool;

/// An edit of a message's content, from its start to its end. Nothing is copied before the first
/// change; from then on, all bytes outside the changes are copied as they are. Content in the store
/// is edited into other stored content, a block at a time.
final class ContentEdit {
  /// Bytes of content that may travel in the queue message: with more, the broker would make a file
  /// of it (a large message).
  private static final int MOST_INLINE = 64 * 1024;

  /// Bytes that are copied at a time.
  private static final int BLOCK = 32 * 1024;

  /// Where changed bytes go.
  private sealed interface Copy {
    void write(byte[] bytes, int count) throws IOException;

    /// Into memory, for content that came in the queue message.
    record ToMemory(ByteArrayOutputStream out) implements Copy {
      @Override
      public void write(byte[] bytes, int count) {
        out.write(bytes, 0, count);
      }
    }

    /// Into the store, for stored content.
    record ToStore(StoredSpool spool) implements Copy {
      @Override
      public void write(byte[] bytes, int count) throws IOException {
        spool.write(bytes, 0, count);
      }
    }

    /// Nowhere, as long as nothing has changed.
    record None() implements Copy {
      @Override
      public void write(byte[] bytes, int count) {
        throw new IllegalStateException("nothing has changed");
      }
    }
  }

  private final Content content;
  private final ContentStore store;
  private final String ref;
  private InputStream original = InputStream.nullInputStream();
  private Copy copy = new Copy.None();
  private long copied;

  /// @param ref the name under which changed content is stored
  ContentEdit(Content content, ContentStore store, String ref) {
    this.content = content;
    this.store = store;
    this.ref = ref;
  }

  /// Puts `with` in place of the bytes from `from` to `to`, positions in the original content. Each
  /// change is after the one before.
  ///
  /// @throws IOException if the content cannot be read, or the changed content cannot be stored
  void replace(long from, long to, byte[] with) throws IOException {
    if (copy instanceof Copy.None) {
      begin();
    }
    copyTo(from);
    copy.write(with, with.length);
    original.skipNBytes(to - from);
    copied = to;
  }

  /// The content after all changes; the same object when there were none.
  Content finish() throws IOException {
    return switch (copy) {
      case Copy.None() -> content;
      case Copy.ToMemory(var out) -> {
        copyTo(content.length());
        byte[] bytes = out.toByteArray();
        yield bytes.length <= MOST_INLINE ? new Content.Inline(bytes) : stored(bytes);
      }
      case Copy.ToStore(StoredSpool spool) -> {
        // read to the very end, since the checksum is compared there
        byte[] block = new byte[BLOCK];
        for (int count = original.read(block); count >= 0; count = original.read(block)) {
          spool.write(block, 0, count);
        }
        original.close();
        yield spool.finish();
      }
    };
  }

  /// Removes what has been written so far.
  void abandon() {
    if (copy instanceof Copy.ToStore(StoredSpool spool)) {
      spool.abort();
    }
    try {
      original.close();
    } catch (IOException e) {
      // it was only read
    }
  }

  private void begin() throws IOException {
    switch (content) {
      case Content.Inline(byte[] bytes) -> {
        original = new ByteArrayInputStream(bytes);
        copy = new Copy.ToMemory(new ByteArrayOutputStream(bytes.length + BLOCK));
      }
      case Content.Stored stored -> {
        original = store.read(stored);
        copy = new Copy.ToStore(store.create(ref));
      }
    }
  }

  private void copyTo(long end) throws IOException {
    byte[] block = new byte[(int) Math.min(BLOCK, Math.max(0, end - copied))];
    while (copied < end) {
      int count = original.readNBytes(block, 0, (int) Math.min(block.length, end - copied));
      if (count == 0) {
        throw new IOException(ref + ": the content ends too early");
      }
      copy.write(block, count);
      copied += count;
    }
  }

  private Content stored(byte[] bytes) throws IOException {
    StoredSpool spool = store.create(ref);
    try {
      spool.write(bytes);
    } catch (IOException e) {
      spool.abort();
      throw e;
    }
    return spool.finish();
  }
}
