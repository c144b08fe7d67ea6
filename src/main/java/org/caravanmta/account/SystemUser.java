package org.caravanmta.account;

import java.io.IOException;
import java.util.Optional;

/// A user of this machine, by the system's own word (`passwd(5)`).
///
/// @param name the login name
/// @param user the uid
/// @param group the gid of the user's own group
/// @param home the home directory
/// @param shell the login shell
public record SystemUser(String name, int user, int group, String home, String shell) {
  private static final String PASSWD = "passwd";

  /// The user of this name; absent when there is none.
  ///
  /// @throws IOException if it cannot be told whether there is one
  public static Optional<SystemUser> named(String name) throws IOException {
    return asked(SystemEntry.named(PASSWD, name));
  }

  /// The user with this uid; absent when there is none.
  ///
  /// @throws IOException if it cannot be told whether there is one
  public static Optional<SystemUser> numbered(int number) throws IOException {
    return asked(SystemEntry.asked(PASSWD, Integer.toString(number)));
  }

  private static Optional<SystemUser> asked(Optional<String> line) throws IOException {
    return line.isPresent() ? Optional.of(parse(line.get())) : Optional.empty();
  }

  /// Whether this is root.
  public boolean superuser() {
    return user == 0;
  }

  /// Reads `name:password:uid:gid:comment:home:shell`.
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
