package org.caravanmta.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table in a file, which is read again when the file has changed (postfix `DATABASE_README`).
/// When the new version cannot be read, or the file has gone, the previous version stays in force.
final class FileTable implements Table {
  /// The file is looked at no more often than this, and a new version must have been unchanged for
  /// as long before it is read: keys in the half that is not yet written would be absent.
  static final Duration LOOK = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(FileTable.class);

  private final String name;
  private final Path file;
  private final Function<byte[], Table> format;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Table current;
  private volatile int owner;
  private volatile Instant nextLook;
  // taken: of the version that was read last, even if it was refused; seen: of the version at the
  // last look; said: the last warning
  private Optional<Stamp> taken;
  private Optional<Stamp> seen;
  private String said = "";

  /// @param format makes a table of the file's bytes
  /// @throws TableProblem if the file cannot be read or is not such a table
  FileTable(String name, Path file, Function<byte[], Table> format, InstantSource clock) {
    this.name = name;
    this.file = file;
    this.format = format;
    this.clock = clock;
    TableLinks.read(file);
    try {
      this.taken = stamp();
      this.seen = taken;
      this.current = read();
    } catch (IOException e) {
      throw new TableProblem(name, "", "cannot be read: " + words(e));
    }
    this.nextLook = clock.instant().plus(LOOK);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Lookup find(String key) {
    if (!clock.instant().isBefore(nextLook) && looking.tryLock()) {
      try {
        look(clock.instant());
      } finally {
        looking.unlock();
      }
    }
    return current.find(key);
  }

  @Override
  public boolean patterns() {
    return current.patterns();
  }

  @Override
  public OptionalInt owner() {
    return owner == 0 ? OptionalInt.empty() : OptionalInt.of(owner);
  }

  @Override
  public String toString() {
    return name;
  }

  private void look(Instant now) {
    nextLook = now.plus(LOOK);
    try {
      Optional<Stamp> found = stamp();
      boolean still = found.equals(seen) || found.filter(s -> s.still(now)).isPresent();
      seen = found;
      if (found.isEmpty()) {
        say("the file has gone; the previous version stays in force");
      } else if (found.equals(taken)) {
        said = "";
      } else if (still) {
        try {
          current = read();
          said = "";
          LOG.info("{}: read again", name);
        } catch (TableProblem e) {
          say(e.getMessage() + "; the previous version stays in force");
        }
        taken = found;
      }
    } catch (IOException e) {
      say("cannot be read: " + words(e) + "; the previous version stays in force");
    }
  }

  /// Warns once, and not again at each look until there is something else to say.
  private void say(@Nullable String what) {
    String line = String.valueOf(what);
    if (!line.equals(said)) {
      said = line;
      LOG.warn("{}", line.startsWith(name) ? line : name + ": " + line);
    }
  }

  private Table read() throws IOException {
    Table table = format.apply(Files.readAllBytes(file));
    if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      owner = (int) Files.getAttribute(file, "unix:uid");
    }
    return table;
  }

  private Optional<Stamp> stamp() throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(
              attributes.lastModifiedTime(),
              attributes.size(),
              String.valueOf(attributes.fileKey())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// What an exception says, for the operator.
  static String words(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.toString();
  }

  /// What tells one version of a file from another.
  ///
  /// @param key identifies the file in its file system: a file moved into its place has another key
  private record Stamp(FileTime changed, long size, String key) {
    boolean still(Instant now) {
      return changed.toInstant().plus(LOOK).isBefore(now);
    }
  }
}
