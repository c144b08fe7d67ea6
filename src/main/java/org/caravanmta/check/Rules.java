package org.caravanmta.check;

import java.time.InstantSource;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;

/// The operator's rules for each {@link Unit.Kind} (postfix `header_checks(5)`): tables whose
/// values are {@link RuleAction}s. Only the first rule that matches a unit is applied to it.
///
/// @param mime for MIME fields and those of parts
/// @param nested for the fields of attached messages
/// @param bounds how much of a message the rules look at
/// @param incoming whether the rules are for mail that comes in: then a message with more
///   multiparts within each other than they look into is refused
public record Rules(
    SearchPath header,
    SearchPath mime,
    SearchPath nested,
    SearchPath body,
    Bounds bounds,
    boolean incoming) {
  /// Opens rules for mail that comes in, which may have every action.
  ///
  /// @throws org.caravanmta.table.TableProblem names table and line of an action that does not
  ///   exist
  public static Rules in(RuleTables tables, Bounds bounds, InstantSource clock) {
    return new Rules(
        Tables.search(tables.header(), clock, value -> RuleAction.expect(value, true)),
        Tables.search(tables.mimeHeader(), clock, value -> RuleAction.expect(value, true)),
        Tables.search(tables.nestedHeader(), clock, value -> RuleAction.expect(value, true)),
        Tables.search(tables.body(), clock, value -> RuleAction.expect(value, false)),
        bounds,
        true);
  }

  /// Opens rules for mail that leaves, which may only edit its text and write to the log (postfix
  /// `smtp_header_checks`).
  ///
  /// @throws org.caravanmta.table.TableProblem names table and line of any other action
  public static Rules out(RuleTables tables, Bounds bounds, InstantSource clock) {
    return new Rules(
        Tables.search(tables.header(), clock, value -> RuleAction.expectOnTheWire(value, true)),
        Tables.search(tables.mimeHeader(), clock, value -> RuleAction.expectOnTheWire(value, true)),
        Tables.search(
            tables.nestedHeader(), clock, value -> RuleAction.expectOnTheWire(value, true)),
        Tables.search(tables.body(), clock, value -> RuleAction.expectOnTheWire(value, false)),
        bounds,
        false);
  }

  boolean isEmpty() {
    return header.isEmpty() && mime.isEmpty() && nested.isEmpty() && body.isEmpty();
  }

  SearchPath of(Unit.Kind kind) {
    return switch (kind) {
      case HEADER -> header;
      case MIME_HEADER -> mime;
      case NESTED_HEADER -> nested;
      case BODY -> body;
    };
  }
}
