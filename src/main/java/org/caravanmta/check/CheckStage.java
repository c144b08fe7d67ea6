package org.caravanmta.check;

import java.util.Map;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `checks`: applies the operator's rules to the text of messages (postfix
/// `header_checks(5)`), as they come in and as they leave.
public final class CheckStage implements Stage {
  private final Checks checks;
  private final Attachments attachments;
  private final WireChecks wire;

  /// @param leaving the rules for mail that leaves
  /// @param added finishes messages that rules have edited
  public CheckStage(CheckSettings own, RuleTables leaving, Added added, House house) {
    this.checks =
        new Checks(
            Rules.in(own.tables().completed(), own.bounds(), house.clock()),
            own,
            house.local().origin(),
            added,
            house.store(),
            house.clock());
    this.attachments = new Attachments(own.attached(), house.store()::read, house.clock());
    this.wire =
        new WireChecks(
            Rules.out(leaving, own.bounds(), house.clock()), house.store(), house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("checks", checks, "attachments", attachments);
  }

  /// The rules for mail that leaves.
  public WireChecks wire() {
    return wire;
  }
}
