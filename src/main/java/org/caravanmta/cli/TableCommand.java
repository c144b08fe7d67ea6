package org.caravanmta.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Table;
import org.caravanmta.table.TableProblem;
import org.caravanmta.table.Tables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `caravan table`: looks up keys in a table, without a server (postfix `postmap(1)`,
/// `-q`).
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Asks a lookup table, without a server.",
    footer = {
      "",
      "  caravan table query texthash:/etc/caravan/virtual info@example.org",
      "",
      "Only the key itself is looked up, not the other forms of an address.",
    })
final class TableCommand {
  private static final int FOUND = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  @Spec private CommandSpec spec;

  TableCommand() {}

  @Command(
      description =
          "Prints what the table says of a key; the exit status is 1 when it is not there, or when"
              + " the table cannot be asked.",
      mixinStandardHelpOptions = true)
  int query(
      @Parameters(
              paramLabel = "TABLE",
              description = "As in the settings: texthash:/etc/caravan/virtual, regexp:…, jdbc:…")
          String table,
      @Parameters(
              paramLabel = "KEY",
              description =
                  "The key, or - for keys on standard input, one a line; those found are printed"
                      + " with their values.")
          String key)
      throws IOException {
    Table opened;
    try {
      opened = Tables.open(table);
    } catch (TableProblem e) {
      return failed(String.valueOf(e.getMessage()), WRONG_USE);
    }
    PrintWriter out = spec.commandLine().getOut();
    int status = key.equals("-") ? each(opened, out) : one(opened, key, "", out);
    out.flush();
    return status;
  }

  /// The exit status is {@link #FOUND} if any of the keys is found.
  private int each(Table table, PrintWriter out) throws IOException {
    int status = FAILED;
    var keys = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String key = keys.readLine(); key != null; key = keys.readLine()) {
      if (one(table, key, key + "\t", out) == FOUND) {
        status = FOUND;
      }
    }
    return status;
  }

  private int one(Table table, String key, String before, PrintWriter out) {
    return switch (table.find(key)) {
      case Lookup.Found(String value) -> {
        out.println(before + value);
        yield FOUND;
      }
      case Lookup.Absent() -> FAILED;
      case Lookup.Unavailable(String why) -> failed(why, FAILED);
    };
  }

  private int failed(String why, int status) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("caravan: " + why);
    err.flush();
    return status;
  }
}
