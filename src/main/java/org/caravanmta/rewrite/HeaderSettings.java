package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `rewriting.headers`: more about whose header sections are completed, and what is put
/// into them.
///
/// @param localTables addresses of more clients whose header sections are completed
/// @param undisclosed the field of a header section that says nothing of recipients, `NAME: VALUE`;
///   empty for none (postfix `undisclosed_recipients_header`)
public record HeaderSettings(List<TableName> localTables, String undisclosed) {
  public HeaderSettings {
    if (!undisclosed.isEmpty() && !undisclosed.matches("[!-9;-~]+:[ \\t]*[ -~]+")) {
      throw new IllegalArgumentException(
          "undisclosed must be a field such as To: undisclosed-recipients:;");
    }
  }
}
