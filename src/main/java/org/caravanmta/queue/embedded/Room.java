package org.caravanmta.queue.embedded;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// The free space on a disk that mail is written to, looked at once in a second.
public final class Room {
  private static final long SECOND = 1_000_000_000L;

  private final FileStore disk;
  private final long least;
  private long lookedAt = System.nanoTime() - 2 * SECOND;
  private boolean full;

  public Room(Path directory, long least) throws IOException {
    this.disk = Files.getFileStore(directory);
    this.least = least;
  }

  /// The same for another directory, which may be on another disk.
  Room at(Path directory) throws IOException {
    return new Room(directory, least);
  }

  /// Whether less is free than must be. A disk that cannot be asked is not called full: the journal
  /// will tell.
  public synchronized boolean full() {
    long now = System.nanoTime();
    if (now - lookedAt > SECOND) {
      lookedAt = now;
      try {
        full = disk.getUsableSpace() < least;
      } catch (IOException e) {
        full = false;
      }
    }
    return full;
  }
}
