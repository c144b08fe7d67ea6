package org.caravanmta.settings;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory in which the server keeps everything (`data.directory`). At each start it is
/// closed to the other users of the machine: files get the mode 0600 and directories 0700, whatever
/// an older program or the operator's umask has made of them.
///
/// Three things keep their modes: a maildrop, whose mode says who may post; the rights of the group
/// to mailboxes, which the operator has given; and the right to read and run a program. Directories
/// above what other users need get 0711, or a maildrop that a group may write to, and mailboxes of
/// other users, would be out of reach. A directory that is closed already is not searched, and what
/// another user owns is left alone.
///
/// @param path `data.directory`
/// @param maildrop `maildrop.directory`, which may be elsewhere
/// @param mailboxes the directories below which mailboxes are
/// @param shared whether other users own mailboxes in it
public record DataDirectory(Path path, Path maildrop, Set<Path> mailboxes, boolean shared) {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  // bits of modes (chmod(2))
  private static final int GROUP_AND_OTHERS = 0077;
  private static final int OTHERS = 0007;
  private static final int SEARCH = 0011;
  private static final int PROGRAM = 0100;
  private static final int WRITE = 0022;

  /// How many files the log names.
  private static final int NAMED = 3;

  public DataDirectory {
    mailboxes = Set.copyOf(mailboxes);
  }

  /// The directory of the settings.
  public static DataDirectory of(Settings settings) {
    Path data = settings.data().directory();
    var mailboxes = new HashSet<Path>();
    mailboxes.add(data.resolve(settings.virtual().directory()).normalize());
    for (String template :
        List.of(settings.delivery().local().maildir(), settings.local().own().mailbox())) {
      if (!template.isEmpty() && !template.startsWith("/")) {
        mailboxes.add(data.resolve(template.replaceFirst("/.*", "")).normalize());
      }
    }
    boolean others =
        !settings.virtual().users().isEmpty() && !settings.virtual().directory().isAbsolute();
    return new DataDirectory(
        data, data.resolve(settings.maildrop().directory()).normalize(), mailboxes, others);
  }

  /// Makes the directory if it is not there, and closes it to other users.
  ///
  /// @throws Problem if it cannot be written to
  public void claim() throws Problem {
    try {
      OwnerOnly.directory(path);
      Path probe = Files.createTempFile(path, "writable", "");
      Object us = Files.getAttribute(probe, "unix:uid");
      Files.delete(probe);
      var closing = new Closing(path.toRealPath(), us);
      Files.walkFileTree(closing.root, closing);
      closing.report();
    } catch (IOException e) {
      throw new Problem("data.directory: " + path + " cannot be written to: " + e);
    }
  }

  /// One walk through all that is open to other users.
  private final class Closing extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Object us;
    private final Set<Path> passages = new HashSet<>();
    private final List<Path> closed = new ArrayList<>();
    private final List<Path> left = new ArrayList<>();

    Closing(Path root, Object us) {
      this.root = root;
      this.us = us;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused)
        throws IOException {
      Map<String, Object> is = looked(directory);
      if (named(directory).equals(maildrop)) {
        if ((mode(is) & SEARCH) != 0) {
          pass(directory);
        }
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (!us.equals(is.get("uid"))) {
        others(directory, mode(is));
        return FileVisitResult.SKIP_SUBTREE;
      }
      boolean open = (mode(is) & GROUP_AND_OTHERS) != 0;
      return open || directory.equals(root)
          ? FileVisitResult.CONTINUE
          : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        return FileVisitResult.CONTINUE;
      }
      Map<String, Object> is;
      try {
        is = looked(file);
      } catch (NoSuchFileException e) {
        return FileVisitResult.CONTINUE;
      }
      int mode = mode(is);
      if (!us.equals(is.get("uid"))) {
        others(file, mode);
      } else {
        int taken = (mode & PROGRAM) != 0 ? WRITE : inMailboxes(file) ? OTHERS : GROUP_AND_OTHERS;
        close(file, mode, mode & ~taken);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      // gone meanwhile, or another user's
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why)
        throws IOException {
      int mode = mode(looked(directory));
      int taken = inMailboxes(directory) ? OTHERS : GROUP_AND_OTHERS;
      int kept = mode & ~taken;
      if ((kept & SEARCH) != 0) {
        pass(directory);
      }
      boolean passage = passages.contains(directory) || directory.equals(root) && shared;
      close(directory, mode, passage ? kept | SEARCH : kept);
      return FileVisitResult.CONTINUE;
    }

    void report() {
      if (!closed.isEmpty()) {
        LOG.warn(
            "{}: {} files and directories were open to other users of this machine, and are closed"
                + " now: {}",
            path,
            closed.size(),
            some(closed));
      }
      if (!left.isEmpty()) {
        LOG.warn(
            "{}: {} files and directories of other users are open to everybody: {}",
            path,
            left.size(),
            some(left));
      }
    }

    private void others(Path theirs, int mode) {
      pass(theirs);
      if ((mode & OTHERS) != 0) {
        left.add(theirs);
      }
    }

    /// Notes that the directories above what others use must let them pass.
    private void pass(Path used) {
      for (Path above = used.getParent();
          above != null && above.startsWith(root);
          above = above.getParent()) {
        passages.add(above);
      }
    }

    private void close(Path what, int mode, int wanted) throws IOException {
      if (mode != wanted) {
        Files.setAttribute(what, "unix:mode", wanted);
        if ((mode & ~wanted) != 0) {
          closed.add(what);
        }
      }
    }

    private boolean inMailboxes(Path what) {
      return mailboxes.stream().anyMatch(named(what)::startsWith);
    }

    /// A path as the settings name it.
    private Path named(Path what) {
      return path.resolve(root.relativize(what)).normalize();
    }

    private String some(List<Path> all) {
      String names =
          String.join(", ", all.stream().limit(NAMED).map(p -> named(p).toString()).toList());
      return (all.size() > NAMED ? names + ", …" : names).replaceAll("\\p{C}", "?");
    }

    private static Map<String, Object> looked(Path what) throws IOException {
      return Files.readAttributes(what, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Map<String, Object> is) {
      return (Integer) Objects.requireNonNull(is.get("mode"), "no mode") & 07777;
    }
  }
}
