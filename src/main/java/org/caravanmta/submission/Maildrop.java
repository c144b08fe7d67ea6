package org.caravanmta.submission;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The directory in which posted mail rests (postfix `maildrop` queue): each file whose name has no
/// dot before it is one message, see {@link Draft}.
public final class Maildrop {
  private static final String CORRUPT = "corrupt";
  private static final int PERMISSIONS = 07777;
  private static final int STICKY = 01000;
  private static final int SET_GROUP = 02000;
  private static final int GROUP_READS = 0040;
  private static final int GROUP_WRITES = 0020;
  private static final int OTHERS_WRITE = 0002;
  private static final int OTHERS_READ = 0004;

  /// A draft that nobody has finished for so long belongs to nobody any more.
  private static final Duration FORSAKEN = Duration.ofDays(1);

  /// Belongs to the user of the process (Linux `proc(5)`).
  private static final Path SELF = Path.of("/proc/self");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;

  public Maildrop(Path directory) {
    this.directory = directory;
  }

  public Path directory() {
    return directory;
  }

  /// Puts messages in, all of them or, if one cannot be, none.
  public void finish(List<Draft> drafts) throws IOException {
    var finished = new ArrayList<Draft>();
    try {
      for (Draft draft : drafts) {
        draft.finish();
        finished.add(draft);
      }
    } catch (IOException e) {
      for (Draft draft : finished) {
        draft.withdraw();
      }
      throw e;
    }
  }

  /// Begins a message.
  ///
  /// @throws NoSuchFileException if no server has been started that collects from this directory
  /// @throws IOException if it is not fit to hold mail, or cannot be written to
  public Draft begin(Posting posting) throws IOException {
    int mode = check();
    // others who may post here share the server's group, which must be able to read the file; its
    // name cannot be guessed, and the directory cannot be listed
    boolean shared = (mode & (GROUP_WRITES | OTHERS_WRITE)) != 0;
    Draft draft = Draft.begin(directory, name(), shared ? "rw-r-----" : "rw-------", posting);
    try {
      // root, where the server is another user: its group must be able to read the file
      draft.lend(directory);
      return draft;
    } catch (IOException | RuntimeException e) {
      draft.close();
      throw e;
    }
  }

  /// Makes the directory where there is none, for its owner only.
  ///
  /// @throws IOException if it is not fit to hold mail
  void open() throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(directory, ownerOnly);
    check();
    int owner = (int) Files.getAttribute(directory, "unix:uid");
    int ours = (int) Files.getAttribute(SELF, "unix:uid");
    if (ours != 0 && owner != ours) {
      throw new IOException(
          "%s belongs to the user %d, and the server is the user %d: it could not remove what it has collected"
              .formatted(directory, owner, ours));
    }
    Files.createDirectories(directory.resolve(CORRUPT), ownerOnly);
  }

  /// The messages that wait, the oldest first. Their names may be anything: whoever may post may
  /// also make files by hand.
  List<Path> waiting() throws IOException {
    record Waiting(Instant since, Path file) {}
    var waiting = new ArrayList<Waiting>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        try {
          Instant since = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
          if (!name.startsWith(".") && !name.equals(CORRUPT)) {
            waiting.add(new Waiting(since, file));
          }
        } catch (NoSuchFileException e) {
          // its writer has given up, or finished it under its other name
        }
      }
    }
    waiting.sort(Comparator.comparing(Waiting::since).thenComparing(Waiting::file));
    return waiting.stream().map(Waiting::file).toList();
  }

  /// The files that are not messages.
  List<Path> setAside() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(CORRUPT))) {
      return files.sorted().toList();
    }
  }

  void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /// Puts a file that is not a message where nobody collects it.
  ///
  /// @return where it is now
  Path setAside(Path file) throws IOException {
    Path aside = directory.resolve(CORRUPT).resolve(file.getFileName());
    return Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Removes drafts whose writers have died.
  void sweep(Instant now) throws IOException {
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, ".*")) {
      for (Path draft : drafts) {
        if (Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS)
            && Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(now.minus(FORSAKEN))) {
          Files.deleteIfExists(draft);
        }
      }
    }
  }

  /// @return the directory's permissions
  private int check() throws IOException {
    int mode = (int) Files.getAttribute(directory, "unix:mode") & PERMISSIONS;
    String shown = directory + " has the mode " + Integer.toOctalString(mode);
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is not a directory");
    }
    boolean shared = (mode & (GROUP_WRITES | OTHERS_WRITE)) != 0;
    if ((mode & OTHERS_READ) != 0 || shared && (mode & GROUP_READS) != 0) {
      throw new IOException(shown + ": users could see each other's mail; expected 700 or 3730");
    }
    if (shared && (mode & STICKY) == 0) {
      throw new IOException(shown + ": users could remove each other's mail; expected 700 or 3730");
    }
    if (shared && (mode & SET_GROUP) == 0) {
      throw new IOException(shown + ": the server could not read users' mail; expected 3730");
    }
    return mode;
  }

  private static String name() {
    return Instant.now().getEpochSecond() + "." + Long.toHexString(RANDOM.nextLong());
  }
}
