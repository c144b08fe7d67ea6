package org.caravanmta.delivery.mailbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.account.Rights;

/// A mailbox that is a directory (D. J. Bernstein, `maildir(5)`), in which each message is a file:
/// in `tmp` while it is being written, in `new` when it has been delivered, in `cur` once a mail
/// reader has seen it. A message in `new` is whole and on stable storage.
public final class Maildir {
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final AtomicLong DELIVERIES = new AtomicLong();

  private final Path directory;
  private final String hostname;
  private final InstantSource clock;
  private final MailboxOwner owner;
  private final Rights rights;

  static {
    Rights.load(Maildir.class, MailboxOwner.class);
  }

  /// @param hostname our name, a part of the names of files
  /// @param rights with which it is written
  public Maildir(Path directory, String hostname, InstantSource clock, Rights rights) {
    this(directory, hostname, clock, MailboxOwner.OURS, rights);
  }

  /// @param hostname our name, a part of the names of files
  /// @param owner who gets the directories and files that we make
  public Maildir(Path directory, String hostname, InstantSource clock, MailboxOwner owner) {
    this(directory, hostname, clock, owner, Rights.OURS);
  }

  private Maildir(
      Path directory, String hostname, InstantSource clock, MailboxOwner owner, Rights rights) {
    this.owner = owner;
    this.rights = rights;
    this.directory = directory;
    this.hostname = hostname.replace("/", "\\057").replace(":", "\\072");
    this.clock = clock;
  }

  /// A message that can be written to a mailbox.
  @FunctionalInterface
  public interface Source {
    /// Writes the bytes of the message.
    void writeTo(OutputStream out) throws IOException;
  }

  /// Adds a message, and returns when it is on stable storage.
  ///
  /// @throws IOException when that is not possible; then nothing of the message is in `new`, unless
  ///   only the last step, writing the directory, has failed
  public void add(Source message) throws IOException {
    rights.with(
        () -> {
          put(message);
          return this;
        });
  }

  private void put(Source message) throws IOException {
    String name = name();
    Path written = folder("tmp").resolve(name);
    folder("cur");
    Path arrived = folder("new");
    try {
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (var file = FileChannel.open(written, NEW, mode)) {
        var out = Channels.newOutputStream(file);
        message.writeTo(out);
        file.force(true);
      }
      owner.take(written);
      Files.createLink(arrived.resolve(name), written); // never over another message
    } finally {
      Files.deleteIfExists(written);
    }
    sync(arrived);
  }

  /// A name that is never used twice: the second, the microsecond, the process with a count, and
  /// the host, as `maildir(5)` asks for.
  private String name() {
    Instant now = clock.instant();
    return now.getEpochSecond()
        + ".M"
        + now.getNano() / 1000
        + "P"
        + ProcessHandle.current().pid()
        + "Q"
        + DELIVERIES.incrementAndGet()
        + "."
        + hostname;
  }

  private Path folder(String name) throws IOException {
    Path folder = directory.resolve(name);
    if (!Files.isDirectory(folder)) {
      create(folder, owner);
    }
    return folder;
  }

  /// Makes a directory, and those above it that are missing, each for its owner only and on stable
  /// storage.
  public static void create(Path folder, MailboxOwner owner) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      create(parent, owner);
    }
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      owner.take(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (parent != null) {
      try {
        sync(parent);
      } catch (AccessDeniedException e) {
        // a directory that we may write to but not read; no message is directly in it
      }
    }
  }

  private static void sync(Path folder) throws IOException {
    // the dot makes sure that it is a directory: opening a pipe of that name could wait forever
    try (var channel = FileChannel.open(folder.resolve("."), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
