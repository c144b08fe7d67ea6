package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `rewriting.headers`: more about whose header sections are completed, and what is put
/// into them.
public record HeaderSettings(List<TableName> localTables, String undisclosed) {
  public HeaderSettings {
    if (!undisclosed.isEmpty() && !undisclosed.matches("[!-9;-~]+:[ \\t]*[ -~]+")) {
      throw new IllegalArgumentException(
          "undisclosed must be a field such as To: undisclosed-recipients:;");
    }
  }
}
