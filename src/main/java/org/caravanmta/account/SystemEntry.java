package org.caravanmta.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Looks up lines of the system's databases of users and groups, wherever the machine has them
/// (`getent(1)`).
public final class SystemEntry {
  /// Names that the system's own tools accept (`useradd(8)`).
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

  /// Seconds that a lookup may take; a directory on the network may be asked.
  private static final int TIMEOUT = 10;

  /// The exit status of `getent(1)` when there is no such entry.
  private static final int UNKNOWN = 2;

  /// Bytes that are read: a pipe has room for as many.
  private static final int LONGEST = 64 * 1024;

  private SystemEntry() {}

  /// The line of a name, `name:password:…`; absent when there is no such user or group.
  ///
  /// @param database `passwd` or `group`
  /// @throws IOException if it cannot be told whether there is one
  public static Optional<String> named(String database, String name) throws IOException {
    return NAME.matcher(name).matches() ? asked(database, name) : Optional.empty();
  }

  /// The line of a name or number; absent when there is none.
  ///
  /// @throws IOException if it cannot be told whether there is one
  static Optional<String> asked(String database, String key) throws IOException {
    Process process = new ProcessBuilder("getent", database, key).start();
    try (var in = process.getInputStream()) {
      process.getOutputStream().close();
      // its one line fits into the pipe, so it can end before the line is read
      if (!process.waitFor(TIMEOUT, TimeUnit.SECONDS)) {
        throw new IOException("the system's users cannot be looked up: no answer");
      }
      int status = process.exitValue();
      if (status == UNKNOWN) {
        return Optional.empty();
      }
      if (status != 0) {
        throw new IOException("the system's users cannot be looked up: status " + status);
      }
      return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
