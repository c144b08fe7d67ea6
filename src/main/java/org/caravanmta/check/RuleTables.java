package org.caravanmta.check;

import java.util.List;
import org.caravanmta.table.TableName;

/// The tables of {@link Rules}, by the units of a message: keys of the section `checks`, and the
/// section `delivery.checks`, which is about mail on its way out.
public record RuleTables(
    List<TableName> header,
    List<TableName> mimeHeader,
    List<TableName> nestedHeader,
    List<TableName> body) {
  /// Fields of parts and of attached messages are looked up as those of the message where they have
  /// no tables of their own, as in Postfix.
  RuleTables completed() {
    return new RuleTables(
        header,
        mimeHeader.isEmpty() ? header : mimeHeader,
        nestedHeader.isEmpty() ? header : nestedHeader,
        body);
  }
}
