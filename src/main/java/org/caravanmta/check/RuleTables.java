package org.caravanmta.check;

import java.util.List;
import org.caravanmta.table.TableName;

/// The tables of {@link Rules}, one list for each {@link Unit.Kind}: keys of the section `checks`,
/// and of the section `delivery.checks`, which is for mail that leaves.
///
/// @param header for the fields of the message's header section (postfix `header_checks`)
/// @param mimeHeader for MIME fields and those of parts (postfix `mime_header_checks`)
/// @param nestedHeader for the fields of attached messages (postfix `nested_header_checks`)
/// @param body for the lines of bodies (postfix `body_checks`)
public record RuleTables(
    List<TableName> header,
    List<TableName> mimeHeader,
    List<TableName> nestedHeader,
    List<TableName> body) {
  /// The tables with those for `header` in place of an empty list of another kind of field, as
  /// Postfix has it.
  RuleTables completed() {
    return new RuleTables(
        header,
        mimeHeader.isEmpty() ? header : mimeHeader,
        nestedHeader.isEmpty() ? header : nestedHeader,
        body);
  }
}
