package org.caravanmta.delivery.mailbox;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.caravanmta.account.Pinned;
import org.caravanmta.account.Rights;
import org.caravanmta.account.SystemUser;

/// A mailbox that is one file (RFC 4155): each message begins with a line `From sender date` and
/// ends with an empty line; lines of the message that begin with `From ` are marked with `>`. The
/// file is locked while it is written to, see {@link MailboxLock}; when writing fails, it is cut to
/// its old length.
///
/// @param ours whether it is a mailbox of a user, and not a file that an alias or a user names: it
///   must be a regular file, its lock file is needed, and a fault of it defers mail
/// @param owner who gets the file when we make it as root; then links to it are not followed
/// @param rights with which it is written
public record Mbox(
    Path file,
    boolean ours,
    MailboxOwner owner,
    Rights rights,
    MailboxRules rules,
    InstantSource clock) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /// The bits of a file's mode that are its type (`S_IFMT`, `inode(7)`).
  private static final int FORMAT = 0170000;

  /// The type of a character device (`S_IFCHR`).
  private static final int CHARACTERS = 0020000;

  /// The major number of memory devices such as `/dev/null` (`null(4)`).
  private static final long MEMORY = 1;

  /// Mail may not be written into this file, ever.
  static final class Unfit extends IOException {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
      super(why);
    }
  }

  /// The mailbox would become larger than it may be.
  static final class Full extends IOException {
    private static final long serialVersionUID = 1L;

    Full(long largest) {
      super("mailbox is full: it may have " + largest + " bytes");
    }
  }

  /// The line that a message begins with (RFC 4155).
  ///
  /// @param sender empty for the null reverse path
  public static String from(String sender, Instant now) {
    String day = DATE.format(now).replaceFirst(" (\\d) ", "  $1 ");
    return "From " + (sender.isEmpty() ? "MAILER-DAEMON" : sender) + "  " + day + "\n";
  }

  static {
    Rights.load(Mbox.class, MailboxLock.class, MailboxOwner.class);
  }

  /// Adds a message, and returns when it is on stable storage.
  ///
  /// @param from the line that it begins with, see {@link #from}
  /// @throws Full when the mailbox would become too large
  /// @throws Unfit when mail may not be written into the file
  /// @throws IOException when it cannot be written now; in each case the file is as it was
  public void add(String from, Maildir.Source message) throws IOException {
    rules.lock().alone(file, () -> rights.with(() -> added(from, message)));
  }

  /// Writes to a memory device directly, since it has no end that must be locked; to any other file
  /// with the lock held.
  private Mbox added(String from, Maildir.Source message) throws IOException {
    if (!ours && isMemory(file)) {
      try (FileChannel channel = opened()) {
        write(channel, from, message);
      }
    } else {
      rules.lock().during(file, ours, clock, () -> append(from, message));
    }
    return this;
  }

  private void append(String from, Maildir.Source message) throws IOException {
    try (FileChannel channel = opened();
        var _ = rules.lock().of(channel, file)) {
      owner.take(file);
      long before = channel.size();
      channel.position(before);
      try {
        write(channel, from, message);
        if (rules.largest() > 0 && channel.position() > rules.largest()) {
          throw new Full(rules.largest());
        }
        channel.force(true);
      } catch (IOException | RuntimeException e) {
        channel.truncate(before);
        throw e;
      }
    }
  }

  private static void write(FileChannel channel, String from, Maildir.Source message)
      throws IOException {
    var out = new Quoted(new BufferedOutputStream(Channels.newOutputStream(channel)));
    out.plain(from);
    message.writeTo(out);
    out.plain("\n");
    out.flush();
  }

  private FileChannel opened() throws IOException {
    if (rights.another()) {
      try (Pinned pinned = Pinned.appending(file)) {
        fit(pinned.path());
        return FileChannel.open(pinned.path(), StandardOpenOption.WRITE);
      }
    }
    boolean given = owner.user().isPresent();
    LinkOption[] links = given ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    if (Files.exists(file, links)) {
      fit(file, links);
    }
    Set<OpenOption> options = new HashSet<>(Set.of(links));
    options.addAll(Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    return FileChannel.open(file, options, mode);
  }

  /// Checks that mail may be written into a file.
  private void fit(Path found, LinkOption... links) throws IOException {
    if (!ours && isMemory(found)) {
      return;
    }
    if (!Files.isRegularFile(found, links)) {
      throw unfit("not a regular file");
    }
    if (executable(found)) {
      throw unfit("file is executable");
    }
    if (ours
        && rules.own().strictOwner()
        && !Files.getAttribute(found, "unix:uid", links).equals(holder())) {
      throw unfit("destination " + file + " is not owned by recipient");
    }
    if (!Files.getAttribute(found, "unix:nlink", links).equals(1)) {
      throw unfit("file has more than one name");
    }
  }

  /// The number of the user who must own the file: the one whom it is given to, or with whose
  /// rights it is written, else our own.
  private int holder() throws IOException {
    return owner
        .user()
        .or(() -> rights.user().map(SystemUser::user))
        .orElse(MailboxOwner.ourselves());
  }

  /// Whether a file is `/dev/null` or another memory device, which is always ready; other devices
  /// could block.
  private static boolean isMemory(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    return ((int) Files.getAttribute(file, "unix:mode") & FORMAT) == CHARACTERS
        && (long) Files.getAttribute(file, "unix:rdev") >> 8 == MEMORY;
  }

  /// The fault of a file: one that an alias or a user names makes mail fail; a mailbox of a user
  /// has to be repaired by the operator, and mail waits until then.
  private IOException unfit(String why) {
    return ours ? new IOException(why) : new Unfit(why);
  }

  /// Whether anybody may execute a file, by its permissions: to root, everything may be executable.
  private static boolean executable(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).stream().anyMatch(p -> p.name().endsWith("EXECUTE"));
  }

  /// A stream that marks lines that begin with `From ` with a `>` (RFC 4155).
  public static final class Quoted extends OutputStream {
    private static final byte[] MARKED = "From ".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream to;
    // how many bytes of the line are those of `From ` so far, which are held back; -1 when another
    // byte has come
    private int agreeing;

    public Quoted(OutputStream to) {
      this.to = to;
    }

    /// Writes text without marking it; a line begins after it.
    void plain(String text) throws IOException {
      release();
      to.write(text.getBytes(StandardCharsets.UTF_8));
      agreeing = 0;
    }

    @Override
    public void write(int b) throws IOException {
      if (agreeing >= 0 && b == MARKED[agreeing]) {
        if (++agreeing == MARKED.length) {
          to.write('>');
          release();
          agreeing = -1;
        }
        return;
      }
      release();
      to.write(b);
      agreeing = b == '\n' ? 0 : -1;
    }

    private void release() throws IOException {
      if (agreeing > 0) {
        to.write(MARKED, 0, agreeing);
        agreeing = 0;
      }
    }

    @Override
    public void flush() throws IOException {
      release();
      to.flush();
    }
  }
}
