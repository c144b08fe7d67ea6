package org.caravanmta.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The user of this machine who runs a command, by the system's own word (`getuid(2)`).
final class CommandUser {
  private static final Path ACCOUNTS = Path.of("/etc/passwd");

  /// What Java calls a user whose uid has no name.
  private static final String NAMELESS = "?";

  private CommandUser() {}

  static String user() {
    return System.getProperty("user.name", NAMELESS);
  }

  /// Whether the user has a name.
  static boolean isKnown() {
    return !user().equals(NAMELESS);
  }

  /// The user's full name, for the From of a message: the environment variable `NAME`, or else the
  /// comment field of `passwd(5)` up to its first comma, where `&` stands for the user's name
  /// (postfix `sendmail(1)`). Empty when there is none.
  static String fullName() {
    String name = System.getenv("NAME");
    if (name != null && !name.isBlank()) {
      return name;
    }
    try (var lines = Files.lines(ACCOUNTS, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > 4 && fields[0].equals(user()))
          .map(fields -> utf8(fields[4]).split(",", 2)[0].replace("&", capitalised(user())))
          .findFirst()
          .orElse("")
          .strip();
    } catch (IOException e) {
      // mail is sent without a name, too
      return "";
    }
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
