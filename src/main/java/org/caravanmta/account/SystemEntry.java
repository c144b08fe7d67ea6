package org.caravanmta.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A line of one of the system's own databases, from wherever the machine has them (`getent(1)`).
public final class SystemEntry {
  /// What the system's own tools take for a name.
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

  private static final int PATIENCE = 10;
  private static final int UNKNOWN = 2;
  private static final int LONGEST = 64 * 1024;

  private SystemEntry() {}

  /// The line of a name, `name:password:…`; absent when there is none.
  ///
  /// @param database `passwd` or `group`
  /// @throws IOException if that cannot be told
  public static Optional<String> named(String database, String name) throws IOException {
    return NAME.matcher(name).matches() ? asked(database, name) : Optional.empty();
  }

  static Optional<String> asked(String database, String key) throws IOException {
    Process process = new ProcessBuilder("getent", database, key).start();
    try (var in = process.getInputStream()) {
      process.getOutputStream().close();
      // the one line it says waits in the pipe
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
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
