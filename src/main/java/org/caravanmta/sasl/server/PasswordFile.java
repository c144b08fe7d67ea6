package org.caravanmta.sasl.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.table.Lookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Users in a file, one on each line, `user:{SCHEME}hash`, and more after a further colon as in
/// Dovecot's passwd-file; `#` begins a comment. Read again when it has changed; a version that
/// cannot be used leaves the one before it in force.
final class PasswordFile implements Hashes {
  /// The file is looked at no more often than this.
  static final Duration LOOK = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);

  private final Path file;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Map<String, String> current;
  private volatile Instant nextLook;
  private String taken;

  /// @throws IllegalArgumentException says what is wrong with the file
  PasswordFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    this.taken = stamp();
    this.current = read();
    this.nextLook = clock.instant().plus(LOOK);
  }

  @Override
  public Lookup find(String user) {
    look();
    String hash = current.get(user);
    return hash == null ? new Lookup.Absent() : new Lookup.Found(hash);
  }

  private void look() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook) || !looking.tryLock()) {
      return;
    }
    try {
      nextLook = now.plus(LOOK);
      String found = stamp();
      if (!found.equals(taken)) {
        taken = found;
        current = read();
        LOG.info("{}: read again", file);
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("{}; the previous version stays in force", e.getMessage());
    } finally {
      looking.unlock();
    }
  }

  private Map<String, String> read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e, e);
    }
    var users = new HashMap<String, String>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      int colon = line.indexOf(':');
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (colon < 1) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": user:{SCHEME}hash expected");
      }
      // in the clear, a password may hold colons
      String rest = line.substring(colon + 1);
      int end = rest.regionMatches(true, 0, "{PLAIN}", 0, 7) ? -1 : rest.indexOf(':');
      String hash = end < 0 ? rest : rest.substring(0, end);
      try {
        PasswordHash.parse(hash);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
      users.put(line.substring(0, colon), hash);
    }
    return Map.copyOf(users);
  }

  /// What tells one version of the file from another.
  private String stamp() {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }
}
