package org.caravanmta.submission;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32C;

/// A message on its way into the maildrop: a file with a dot before its name, which nobody
/// collects, until it is {@link #finish finished}.
///
/// | in the file | what |
/// |---|---|
/// | first line | `caravan-maildrop 1 LENGTH CRC`: bytes after this line, and their CRC-32C |
/// | lines | the {@link Posting}, ended by an empty line |
/// | the rest | the message (RFC 5322 §2.1), its lines ended by CRLF |
public final class Draft implements AutoCloseable {
  static final String FIRST = "caravan-maildrop 1 ";
  static final int FIRST_LENGTH = first(0, 0).length();
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);

  private final Path unfinished;
  private final Path file;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private long length;

  private Draft(Path unfinished, Path file, FileChannel channel) {
    this.unfinished = unfinished;
    this.file = file;
    this.channel = channel;
  }

  /// @param mode of the file, as in `rw-r-----`
  static Draft begin(Path directory, String name, String mode, Posting posting) throws IOException {
    Path unfinished = directory.resolve("." + name);
    var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    var draft =
        new Draft(
            unfinished, directory.resolve(name), FileChannel.open(unfinished, NEW, permissions));
    try {
      // whatever the umask of the program is
      Files.setPosixFilePermissions(unfinished, permissions.value());
      draft.put(first(0, 0), 0);
      draft.write(posting.lines().getBytes(StandardCharsets.UTF_8));
      return draft;
    } catch (IOException | RuntimeException e) {
      draft.close();
      throw e;
    }
  }

  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  public void write(byte[] bytes, int from, int count) throws IOException {
    crc.update(bytes, from, count);
    write(ByteBuffer.wrap(bytes, from, count), FIRST_LENGTH + length);
    length += count;
  }

  /// Brings the message and its name to stable storage.
  public void finish() throws IOException {
    put(first(length, (int) crc.getValue()), 0);
    channel.force(true);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    try (var directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (AccessDeniedException e) {
      // who may only put files in: the file's own sync takes its new name along, on the journalling
      // file systems we know
      channel.force(true);
    }
  }

  /// Lets the directory's group read the file where its owner could not: who posts may be root, and
  /// the server a user of its own.
  ///
  /// @throws IOException if the server could not collect it
  void lend(Path directory) throws IOException {
    if (!owner(directory).equals(owner(unfinished))) {
      Files.setAttribute(unfinished, "unix:gid", Files.getAttribute(directory, "unix:gid"));
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r-----"));
    }
  }

  private static Object owner(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /// Closes the file; one that is not finished is removed.
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(unfinished);
  }

  /// Takes a finished message back.
  void withdraw() throws IOException {
    Files.deleteIfExists(file);
  }

  private static String first(long length, int crc) {
    return String.format(Locale.ROOT, "%s%012d %08x\n", FIRST, length, crc);
  }

  private void put(String text, long at) throws IOException {
    write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), at);
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }
}
