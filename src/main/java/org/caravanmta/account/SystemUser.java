package org.caravanmta.account;

import java.io.IOException;
import java.util.Optional;

/// A user of the machine itself, as the system knows him (`getent passwd`); RFC 5321 §4.4 leaves it
/// to the system whose a mailbox is.
///
/// @param user his number
/// @param group that of his own group
/// @param home his home directory
/// @param shell the program that he logs in to
public record SystemUser(String name, int user, int group, String home, String shell) {
  private static final String PASSWD = "passwd";

  /// Absent when there is none of this name.
  ///
  /// @throws IOException if that cannot be told
  public static Optional<SystemUser> named(String name) throws IOException {
    return asked(SystemEntry.named(PASSWD, name));
  }

  /// Absent when there is none of this number.
  ///
  /// @throws IOException if that cannot be told
  public static Optional<SystemUser> numbered(int number) throws IOException {
    return asked(SystemEntry.asked(PASSWD, Integer.toString(number)));
  }

  private static Optional<SystemUser> asked(Optional<String> line) throws IOException {
    return line.isPresent() ? Optional.of(parse(line.get())) : Optional.empty();
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
