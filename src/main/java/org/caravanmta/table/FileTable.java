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

/// A table in a file, read again when the file has changed. A version that cannot be read leaves
/// the one before it in force; so does a file that has gone.
final class FileTable implements Table {
  /// The file is looked at no more often than this; and a new version must have stood still for as
  /// long, since half a table would say "not there" of the other half.
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
  // of the version in force or refused, of the version seen at the last look, and what was last
  // said
  private Optional<Stamp> taken;
  private Optional<Stamp> seen;
  private String said = "";

  /// @param format what makes a table of the file
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

  /// One line for each kind of trouble, not one for each look.
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

  static String words(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.toString();
  }

  /// What tells one version of a file from another.
  ///
  /// @param key the file system's own name of it: another file moved into its place has another
  private record Stamp(FileTime changed, long size, String key) {
    boolean still(Instant now) {
      return changed.toInstant().plus(LOOK).isBefore(now);
    }
  }
}
