package org.caravanmta.mime.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.caravanmta.mime.ContentSpool;

/// A read-only channel over a spool, for readers of archives that need random access.
final class SpoolChannel implements SeekableByteChannel {
  private final ContentSpool spool;
  private long at;
  private boolean open = true;

  SpoolChannel(ContentSpool spool) {
    this.spool = spool;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!into.hasRemaining()) {
      return 0;
    }
    int count = spool.read(at, into);
    at += count;
    return count == 0 ? -1 : count;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public long position() {
    return at;
  }

  @Override
  public SeekableByteChannel position(long to) throws IOException {
    if (to < 0) {
      throw new IOException("a place before the start");
    }
    at = to;
    return this;
  }

  @Override
  public long size() {
    return spool.length();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
