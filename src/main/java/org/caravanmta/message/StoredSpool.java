package org.caravanmta.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;
import org.caravanmta.account.OwnerOnly;

/// A body that is being written into the {@link ContentStore} (RFC 5322 §2.3). It has its reference
/// only when it is {@link #finish finished}; until then it is a file that {@link
/// ContentStore#sweep} may remove. Only one thread at a time may use it.
public final class StoredSpool {
  /// What the file name of a body ends with until it is finished.
  static final String UNFINISHED = "~";

  private final Path folder;
  private final Path file;
  private final Path unfinished;
  private final String ref;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private long length;

  private StoredSpool(Path folder, Path unfinished, String ref, FileChannel channel) {
    this.folder = folder;
    this.file = folder.resolve(ref);
    this.unfinished = unfinished;
    this.ref = ref;
    this.channel = channel;
  }

  /// Begins a body, in place of an unfinished one of the same reference.
  static StoredSpool begin(Path folder, String ref) throws IOException {
    Path unfinished = folder.resolve(ref + UNFINISHED);
    return new StoredSpool(
        folder,
        unfinished,
        ref,
        FileChannel.open(
            unfinished,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            OwnerOnly.FILE));
  }

  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  public void write(byte[] bytes, int from, int count) throws IOException {
    write(ByteBuffer.wrap(bytes, from, count));
  }

  /// Appends all remaining bytes of the buffer.
  public void write(ByteBuffer bytes) throws IOException {
    length += bytes.remaining();
    crc.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  public long length() {
    return length;
  }

  /// Brings the body and its name to stable storage.
  ///
  /// @throws IOException if that fails; then nothing is kept
  public Content.Stored finish() throws IOException {
    try {
      channel.force(true);
      channel.close();
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      return new Content.Stored(ref, length, (int) crc.getValue());
    } catch (IOException e) {
      abort();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Removes what has been written so far.
  public void abort() {
    try {
      channel.close();
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      // the sweep removes it
    }
  }

  /// Brings the names in a directory to stable storage.
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
