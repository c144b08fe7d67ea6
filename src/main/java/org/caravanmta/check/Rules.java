package org.caravanmta.check;

import java.time.InstantSource;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;

/// The operator's rules for each kind of unit (postfix `header_checks(5)`): tables whose values are
/// actions. The first rule that matches a unit is the unit's.
///
/// @param incoming whether a message that is deeper than they look is refused: what they have not
///   seen does not come in
public record Rules(
    SearchPath header,
    SearchPath mime,
    SearchPath nested,
    SearchPath body,
    Bounds bounds,
    boolean incoming) {
  /// Opens rules for mail that comes in, which know every action.
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

  /// Opens rules for mail that goes out, which change its text or the log and nothing else (postfix
  /// `smtp_header_checks`).
  ///
  /// @throws org.caravanmta.table.TableProblem names table and line of another action
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
