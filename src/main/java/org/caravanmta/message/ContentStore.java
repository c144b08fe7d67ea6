package org.caravanmta.message;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.caravanmta.account.OwnerOnly;

/// The directory of the bodies that are too large to travel inside a queue message (RFC 5322 §2.3).
/// Each body is written once and synced; after that it is only read, linked and released.
///
/// A body has a file of its own, `DIRECTORY/XX/REF`, where XX is two digits made from the
/// reference, so that a hundred thousand bodies do not share one directory. The reference of a new
/// body is the id of its message. A further queue message with the same body has a reference of its
/// own, which is a hard link, so that the file system counts the references. A file that no queue
/// message refers to, because its session or this process has died, is removed by {@link #sweep}.
///
/// All methods block. Many threads, and many processes that share the directory, may use it at
/// once.
public final class ContentStore {
  /// As many as two hexadecimal digits can name.
  private static final int DIRECTORIES = 256;

  /// What is safe as a file name, and does not begin with a dot.
  private static final Pattern REF = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

  private final Path directory;
  private final Instant opened;

  private ContentStore(Path directory, Instant opened) {
    this.directory = directory;
    this.opened = opened;
  }

  /// The store in a directory that need not be there: for checks of the configuration, which
  /// neither keep nor read a body.
  public static ContentStore at(Path directory) {
    return new ContentStore(directory, Instant.EPOCH);
  }

  /// Opens the store; makes the directory if it is not there.
  public static ContentStore open(Path directory) throws IOException {
    OwnerOnly.directory(directory);
    for (int i = 0; i < DIRECTORIES; i++) {
      OwnerOnly.directory(directory.resolve(twoDigits(i)));
    }
    StoredSpool.sync(directory);
    // the time of the clock that stamps files, which in a shared directory is not ours
    Path mark = Files.createTempFile(directory, "opened", StoredSpool.UNFINISHED);
    try {
      return new ContentStore(directory, changed(mark));
    } finally {
      Files.delete(mark);
    }
  }

  /// Begins a new body.
  ///
  /// @param id the message's id, which becomes the reference
  public StoredSpool create(String id) throws IOException {
    return StoredSpool.begin(folder(id), id);
  }

  /// The bytes of a body from its start. The end of the stream is reached only if length and
  /// checksum are right, so whoever has read to the end knows that the body is whole.
  ///
  /// @throws Damaged when there is no such file; a read of the stream throws it when the file is
  ///   too short, too long or changed
  public InputStream read(Content.Stored stored) throws IOException {
    try {
      return new Checked(Files.newInputStream(file(stored.ref())), stored);
    } catch (NoSuchFileException e) {
      throw new Damaged(stored.ref(), "is missing", e);
    }
  }

  /// The same body under another reference, for another queue message. If the store has that
  /// reference already, it stays. The reference is on stable storage when this returns.
  ///
  /// @throws Damaged when there is no such file
  public Content.Stored link(Content.Stored stored, String newRef) throws IOException {
    Path from = file(stored.ref());
    Path to = file(newRef);
    try {
      Files.createLink(to, from);
      StoredSpool.sync(folder(newRef));
    } catch (FileAlreadyExistsException e) {
      // an earlier attempt may have been cut off before the name was on the disk
      StoredSpool.sync(folder(newRef));
    } catch (NoSuchFileException e) {
      throw new Damaged(stored.ref(), "is missing", e);
    } catch (UnsupportedOperationException | IOException noLinks) {
      copy(stored, newRef);
    }
    return new Content.Stored(newRef, stored.length(), stored.crc());
  }

  /// The same body under another reference.
  ///
  /// @return false if there is no `ref`
  public boolean link(String ref, String newRef) throws IOException {
    return link(file(ref), newRef);
  }

  /// A body of another store on the same disk, under the same reference.
  ///
  /// @return false if it is not there
  public boolean adopt(ContentStore other, String ref) throws IOException {
    return link(other.file(ref), ref);
  }

  private boolean link(Path from, String newRef) throws IOException {
    try {
      Files.createLink(file(newRef), from);
    } catch (FileAlreadyExistsException e) {
      // an earlier attempt may have been cut off before the name was on the disk
    } catch (NoSuchFileException e) {
      return false;
    }
    StoredSpool.sync(folder(newRef));
    return true;
  }

  public boolean has(String ref) {
    return Files.exists(file(ref));
  }

  /// The bytes of a body as they are on the disk, unchecked.
  public InputStream raw(String ref) throws IOException {
    return Files.newInputStream(file(ref));
  }

  /// What is the same for all references of one body, and for no other body, although a file system
  /// gives its numbers again; empty where there are no such numbers.
  public Optional<Object> body(String ref) throws IOException {
    var file = Files.readAttributes(file(ref), BasicFileAttributes.class);
    return Optional.ofNullable(file.fileKey())
        .map(key -> List.of(key, file.lastModifiedTime(), file.size()));
  }

  /// Gives up a reference; the bytes are removed with the last one. A reference that is not there
  /// is not an error.
  public void release(String ref) throws IOException {
    Files.deleteIfExists(file(ref));
  }

  /// Whether there is anything that {@link #sweep} could remove: a body from before this store was
  /// opened.
  public boolean hasEarlier() throws IOException {
    for (int i = 0; i < DIRECTORIES; i++) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(directory.resolve(twoDigits(i)))) {
        for (Path file : files) {
          if (isOlder(file, opened)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Removes what was left over before this store was opened: bodies that are not in `live`, and
  /// bodies that were never finished.
  ///
  /// @param live every reference in any queue
  /// @return how many files were removed
  public int sweep(Set<String> live) throws IOException {
    return sweep(live, opened);
  }

  /// Removes what has not changed since `before` and is not in `live`.
  ///
  /// @param live every reference in any queue
  /// @param before earlier than the time at which `live` was gathered, by more than reception takes
  ///   for a message
  /// @return how many files were removed
  public int sweep(Set<String> live, Instant before) throws IOException {
    int removed = 0;
    for (int i = 0; i < DIRECTORIES; i++) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(directory.resolve(twoDigits(i)))) {
        for (Path file : files) {
          if (!live.contains(file.getFileName().toString())
              && isOlder(file, before)
              && Files.deleteIfExists(file)) {
            removed++;
          }
        }
      }
    }
    return removed;
  }

  /// A stored body is missing, or is not what was written. It is never a reason to fail a
  /// recipient: the operator may restore the file.
  public static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String ref, String how) {
      super("stored content " + ref + " " + how);
    }

    Damaged(String ref, String how, Throwable cause) {
      super("stored content " + ref + " " + how, cause);
    }
  }

  private void copy(Content.Stored stored, String newRef) throws IOException {
    StoredSpool spool = create(newRef);
    try (InputStream in = read(stored)) {
      byte[] block = new byte[64 * 1024];
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        spool.write(block, 0, count);
      }
    } catch (IOException e) {
      spool.abort();
      throw e;
    }
    spool.finish();
  }

  private Path file(String ref) {
    return folder(ref).resolve(ref);
  }

  private Path folder(String ref) {
    if (!REF.matcher(ref).matches()) {
      throw new IllegalArgumentException("\"" + ref + "\" is not a reference to stored content");
    }
    var crc = new CRC32C();
    crc.update(ref.getBytes(StandardCharsets.US_ASCII));
    return directory.resolve(twoDigits((int) crc.getValue() & DIRECTORIES - 1));
  }

  private static String twoDigits(int value) {
    return String.format("%02x", value);
  }

  private static boolean isOlder(Path file, Instant before) throws IOException {
    try {
      return changed(file).isBefore(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// When the file was last written or linked; on a system that does not know, when it was written.
  private static Instant changed(Path file) throws IOException {
    try {
      return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    } catch (UnsupportedOperationException e) {
      return Files.getLastModifiedTime(file).toInstant();
    }
  }

  /// A stream that compares length and checksum at its end.
  private static final class Checked extends FilterInputStream {
    private final Content.Stored stored;
    private final CRC32C crc = new CRC32C();
    private long count;

    Checked(InputStream in, Content.Stored stored) {
      super(in);
      this.stored = stored;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = in.read(into, from, length);
      if (read > 0) {
        count += read;
        crc.update(into, from, read);
      }
      if (count > stored.length() || read < 0 && count < stored.length()) {
        throw new Damaged(
            stored.ref(), "has " + count + " bytes where " + stored.length() + " were written");
      }
      if (read < 0 && (int) crc.getValue() != stored.crc()) {
        throw new Damaged(stored.ref(), "has a wrong checksum");
      }
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      return readNBytes((int) Math.min(bytes, 64 * 1024)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
