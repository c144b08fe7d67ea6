package org.caravanmta.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A table whose values are passwords: in a file that only those can read who may, and called in
/// messages by a name without them.
final class SecretFile {
  private SecretFile() {}

  /// What messages call a table: the name of a file, or, if the table stands in the settings
  /// itself, its type.
  ///
  /// @param type before the colon of its name
  /// @param rest after it
  static String shown(String type, String rest) {
    boolean inSettings = rest.startsWith("{") || type.equals("static") || type.isEmpty();
    return inSettings ? type + ":(secret)" : type + ":" + rest;
  }

  /// Checks what of a table stands in the settings itself.
  ///
  /// @param name of the table
  /// @throws TableProblem if the braces are not in order, without what is in them
  static void checkBraces(String name, String braced) {
    try {
      Braces.items(name, braced);
    } catch (TableProblem e) {
      throw new TableProblem(name, "", "expected entries in braces, {key=value, ...}");
    }
  }

  /// Checks that not everybody can read a file.
  ///
  /// @param name of the table
  /// @throws TableProblem if everybody can
  static void check(String name, Path file) {
    TableLinks.readSecret(file);
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ)) {
        throw new TableProblem(
            name,
            "",
            "everybody can read the passwords in it, its mode is "
                + PosixFilePermissions.toString(mode)
                + "; 0600 or 0640 was expected: chmod o-rwx");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // reported by what reads it
    }
  }
}
