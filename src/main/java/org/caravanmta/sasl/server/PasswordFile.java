package org.caravanmta.sasl.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.config.FileStamp;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.table.Lookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A password file: one user on each line, `user:{SCHEME}hash`, with anything after a further colon
/// ignored, as in Dovecot's passwd-file; `#` begins a comment line. The file is read again when it
/// has changed; if the new version cannot be used, the one before stays in force. Safe for use by
/// several threads.
final class PasswordFile implements PasswordSource {
  /// The file is checked for changes no more often than this.
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);

  private final Path file;
  private final InstantSource clock;
  private final ReentrantLock checking = new ReentrantLock();
  private volatile Map<String, String> current;
  private volatile Instant nextCheck;

  /// The stamp of the version that was read last, whether it could be used or not.
  private String lastStamp;

  /// @throws IllegalArgumentException names the file and the line, and what is wrong with it
  PasswordFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    this.lastStamp = FileStamp.of(List.of(file));
    this.current = read();
    this.nextCheck = clock.instant().plus(CHECK_INTERVAL);
  }

  @Override
  public Lookup find(String user) {
    readIfChanged();
    String hash = current.get(user);
    return hash == null ? new Lookup.Absent() : new Lookup.Found(hash);
  }

  private void readIfChanged() {
    Instant now = clock.instant();
    if (now.isBefore(nextCheck) || !checking.tryLock()) {
      return;
    }
    try {
      nextCheck = now.plus(CHECK_INTERVAL);
      String found = FileStamp.of(List.of(file));
      if (!found.equals(lastStamp)) {
        lastStamp = found;
        current = read();
        LOG.info("{}: read again", file);
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("{}; the previous version stays in force", e.getMessage());
    } finally {
      checking.unlock();
    }
  }

  private Map<String, String> read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + FileTrouble.of(e), e);
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
      // a password in the clear may contain colons
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
}
