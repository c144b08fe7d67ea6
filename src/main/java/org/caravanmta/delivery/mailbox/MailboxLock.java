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

/// Keeps two writers from one {@link Mbox} (RFC 4155): between our threads, a lock of our own;
/// between programs, the file `MAILBOX.lock` (postfix `mailbox_delivery_lock`, dotlock), then the
/// system's lock on the mailbox itself.
public record MailboxLock(LockSettings own) {
  /// Two mailboxes may share one: nobody ever waits for a second lock.
  private static final ReentrantLock[] OURS =
      Stream.generate(ReentrantLock::new).limit(256).toArray(ReentrantLock[]::new);

  /// Somebody else holds the lock.
  static final class Busy extends IOException {
    private static final long serialVersionUID = 1L;

    Busy(String what) {
      super(what + " is locked by somebody else");
    }
  }

  interface Writing {
    void run() throws IOException;
  }

  /// Runs while no other thread of ours writes to the mailbox.
  ///
  /// @throws Busy if another did so all the time
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

  /// Runs while no other program writes to it.
  ///
  /// @param needed whether a lock file that we may not make keeps us from the mailbox
  /// @throws Busy if another had it all the time
  void during(Path mailbox, boolean needed, InstantSource clock, Writing writing)
      throws IOException {
    if (own.lockFile()) {
      withFile(mailbox, needed, clock, writing);
    } else {
      writing.run();
    }
  }

  /// The system's lock.
  ///
  /// @throws Busy if another had it all the time
  FileLock of(FileChannel channel, Path mailbox) throws IOException {
    for (int i = 0; i < own.lockAttempts(); i++) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // ours, under another name
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
