package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes that are written once and can then be read from any position: kept in memory while they
/// are few, then in a temporary file that only our own user can read. A failure of the temporary
/// file is our own fault and is thrown as {@link UncheckedIOException}, so that it is not mistaken
/// for content that cannot be read.
public final class ContentSpool extends OutputStream {
  /// Most parts of mail fit into this without a file.
  private static final int IN_MEMORY = 256 * 1024;

  private byte[] memory = new byte[512];
  private int used;
  private @Nullable FileChannel file;
  private long length;

  /// Appends a byte.
  @Override
  public void write(int b) {
    if (used == memory.length) {
      makeRoom(1);
    }
    memory[used++] = (byte) b;
    length++;
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    int done = 0;
    while (done < count) {
      if (used == memory.length) {
        makeRoom(count - done);
      }
      int some = Math.min(count - done, memory.length - used);
      System.arraycopy(bytes, from + done, memory, used, some);
      used += some;
      done += some;
    }
    length += count;
  }

  private void makeRoom(int wanted) {
    if (memory.length < IN_MEMORY) {
      long larger = Math.max(memory.length * 2L, (long) used + wanted);
      memory = Arrays.copyOf(memory, (int) Math.min(IN_MEMORY, larger));
    } else {
      spill();
    }
  }

  private void spill() {
    try {
      if (file == null) {
        Path path = Files.createTempFile("attachment", "");
        file =
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      ByteBuffer rest = ByteBuffer.wrap(memory, 0, used);
      while (rest.hasRemaining()) {
        file.write(rest);
      }
      used = 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many bytes have been written.
  public long length() {
    return length;
  }

  /// A copy of the first `count` bytes, or of all if there are fewer.
  public byte[] start(int count) {
    byte[] bytes = new byte[(int) Math.min(count, length)];
    read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /// Reads as many bytes as there are from a position on and as `into` has room for.
  ///
  /// @param at the position of the first byte to read
  /// @return how many bytes were read; 0 at the end
  public int read(long at, ByteBuffer into) {
    int count = (int) Math.min(into.remaining(), Math.max(length - at, 0));
    long inFile = length - used;
    int before = into.position();
    try {
      while (into.position() - before < count) {
        long from = at + into.position() - before;
        int wanted = count - (into.position() - before);
        if (from >= inFile) {
          into.put(memory, (int) (from - inFile), wanted);
        } else {
          ByteBuffer some = into.slice(into.position(), (int) Math.min(wanted, inFile - from));
          int got = Objects.requireNonNull(file, "nothing has been spilled").read(some, from);
          if (got < 0) {
            throw new java.io.EOFException("a temporary file has become shorter");
          }
          into.position(into.position() + got);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return count;
  }

  /// A stream of all bytes. It needs no closing.
  public InputStream stream() {
    return new InputStream() {
      private long at;

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int count) {
        if (count == 0) {
          return 0;
        }
        int got = ContentSpool.this.read(at, ByteBuffer.wrap(bytes, from, count));
        at += got;
        return got == 0 ? -1 : got;
      }
    };
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
