package org.caravanmta.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A user of the machine itself, as the system knows him (`getent passwd`); RFC 5321 §4.4 leaves it
/// to the system whose a mailbox is.
///
/// @param user his number
/// @param group that of his own group
/// @param home his home directory
/// @param shell the program that he logs in to
public record SystemUser(String name, int user, int group, String home, String shell) {
  /// What the system's own tools take for a name.
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

  private static final int PATIENCE = 10;
  private static final int UNKNOWN = 2;
  private static final int LONGEST = 4096;

  /// Absent when there is none of this name.
  ///
  /// @throws IOException if that cannot be told
  public static Optional<SystemUser> named(String name) throws IOException {
    return NAME.matcher(name).matches() ? asked(name) : Optional.empty();
  }

  /// Absent when there is none of this number.
  ///
  /// @throws IOException if that cannot be told
  public static Optional<SystemUser> numbered(int number) throws IOException {
    return asked(Integer.toString(number));
  }

  private static Optional<SystemUser> asked(String key) throws IOException {
    Process process = new ProcessBuilder("getent", "passwd", key).start();
    try (var in = process.getInputStream()) {
      process.getOutputStream().close();
      // the one line it says waits in the pipe
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
        throw new IOException("the system's users cannot be asked: no answer");
      }
      int status = process.exitValue();
      if (status == UNKNOWN) {
        return Optional.empty();
      }
      if (status != 0) {
        throw new IOException("the system's users cannot be asked: status " + status);
      }
      return Optional.of(parse(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  public boolean superuser() {
    return user == 0;
  }

  /// `name:password:user:group:comment:home:shell`.
  private static SystemUser parse(String line) throws IOException {
    String[] fields = line.strip().split(":", -1);
    try {
      return new SystemUser(
          fields[0],
          Integer.parseInt(fields[2]),
          Integer.parseInt(fields[3]),
          fields[5],
          fields[6]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("not a line of passwd(5)", e);
    }
  }
}
