package org.caravanmta.table;

import java.time.InstantSource;
import java.util.Locale;
import org.caravanmta.account.SystemEntry;

/// Opens the users or the groups of this machine as a table (postfix `unix:passwd.byname`,
/// `unix:group.byname`): the keys are names, the values lines of `passwd(5)` or `group(5)`.
final class UnixTable {
  private UnixTable() {}

  /// @param map `passwd.byname` or `group.byname`
  /// @throws TableProblem if it is neither
  static Table open(String name, String map, InstantSource clock) {
    String database =
        switch (map) {
          case "passwd.byname" -> "passwd";
          case "group.byname" -> "group";
          default ->
              throw new TableProblem(name, "", "expected unix:passwd.byname or unix:group.byname");
        };
    return new RemoteTable(
        name,
        false,
        key ->
            SystemEntry.named(database, key.toLowerCase(Locale.ROOT))
                .<Lookup>map(Lookup.Found::new)
                .orElseGet(Lookup.Absent::new),
        clock);
  }
}
