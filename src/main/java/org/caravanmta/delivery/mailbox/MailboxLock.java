package org.caravanmta.delivery.mailbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The lock of an {@link Mbox} (RFC 4155), which only one writer may have at a time. Threads of
/// ours exclude each other by a lock in memory; programs by the file `MAILBOX.lock` (postfix
/// `mailbox_delivery_lock`, dotlock), and then by the system's lock on the mailbox itself.
public record MailboxLock(LockSettings own) {
  /// The locks in memory, which mailboxes share by their hash: since no thread waits for a second
  /// one, sharing cannot lead to a deadlock.
  private static final ReentrantLock[] OURS =
      Stream.generate(ReentrantLock::new).limit(256).toArray(ReentrantLock[]::new);

  /// Another writer has held the lock for all the tries.
  static final class Busy extends IOException {
    private static final long serialVersionUID = 1L;

    Busy(String what) {
      super(what + " is locked by somebody else");
    }
  }

  /// What is done with the lock held.
  interface Writing {
    void run() throws IOException;
  }

  /// Writes while no other thread of ours writes to the mailbox.
  ///
  /// @throws Busy when other threads did so for all the tries
  void alone(Path mailbox, Writing writing) throws IOException {
    ReentrantLock ours = OURS[Math.floorMod(mailbox.normalize().hashCode(), OURS.length)];
    try {
      if (!ours.tryLock(own.lockAttempts() * own.lockPause().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Busy(mailbox.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    try {
      writing.run();
    } finally {
      ours.unlock();
    }
  }

  /// Writes while there is the lock file, if the settings want one.
  ///
  /// @param needed whether the mailbox is not written to if we have no right to make the lock file
  /// @throws Busy when the lock file of another program was there for all the tries
  void during(Path mailbox, boolean needed, InstantSource clock, Writing writing)
      throws IOException {
    if (own.lockFile()) {
      withFile(mailbox, needed, clock, writing);
    } else {
      writing.run();
    }
  }

  /// Takes the system's lock on a mailbox.
  ///
  /// @throws Busy when another program had it for all the tries
  FileLock of(FileChannel channel, Path mailbox) throws IOException {
    for (int i = 0; i < own.lockAttempts(); i++) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // another thread of ours has the file open under another name
      }
      rest(i);
    }
    throw new Busy(mailbox.toString());
  }

  private void withFile(Path mailbox, boolean needed, InstantSource clock, Writing writing)
      throws IOException {
    Path file = mailbox.resolveSibling(mailbox.getFileName() + ".lock");
    try {
      make(file, clock);
    } catch (AccessDeniedException e) {
      if (needed) {
        throw e;
      }
      writing.run();
      return;
    }
    try {
      writing.run();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void make(Path file, InstantSource clock) throws IOException {
    for (int i = 0; i < own.lockAttempts(); i++) {
      try {
        Files.createFile(file);
        return;
      } catch (FileAlreadyExistsException e) {
        if (leftBehind(file, clock)) {
          Files.deleteIfExists(file);
          continue;
        }
      }
      rest(i);
    }
    throw new Busy(file.toString());
  }

  /// Whether a lock file is so old that its program must have died.
  private boolean leftBehind(Path file, InstantSource clock) throws IOException {
    try {
      return Files.getLastModifiedTime(file)
          .toInstant()
          .plus(own.lockStale())
          .isBefore(clock.instant());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Waits a moment, except after the last attempt.
  private void rest(int attempt) throws IOException {
    if (attempt + 1 < own.lockAttempts()) {
      LockSupport.parkNanos(own.lockPause().toNanos());
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted");
      }
    }
  }
}
