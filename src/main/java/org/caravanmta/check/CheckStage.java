package org.caravanmta.check;

import java.util.List;
import java.util.Map;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `checks`: the operator's rules for what messages say, as they come in and as they
/// leave.
public final class CheckStage implements Stage {
  private final Checks checks;
  private final Attachments attachments;
  private final WireChecks wire;

  /// @param leaving the rules for mail that leaves
  /// @param added what becomes of what rules put into a message
  public CheckStage(CheckSettings own, WireCheckSettings leaving, Added added, House house) {
    Bounds bounds =
        new Bounds(
            own.bodySizeLimit().bytes(),
            own.fieldSizeLimit().asInt(),
            own.nestingLimit(),
            own.boundaryLimit(),
            own.mime());
    this.checks =
        new Checks(
            Rules.in(
                names(own.header()),
                names(own.mimeHeader().isEmpty() ? own.header() : own.mimeHeader()),
                names(own.nestedHeader().isEmpty() ? own.header() : own.nestedHeader()),
                names(own.body()),
                bounds,
                house.clock()),
            own.dropHeaders(),
            Strictness.of(own.strict(), bounds),
            Characters.of(own.rejectCharacters()),
            Characters.of(own.stripCharacters()),
            house.local().origin(),
            added,
            house.store(),
            house.clock());
    this.attachments =
        new Attachments(
            Attachments.rules(names(own.attachments()), house.clock()),
            Attachments.Otherwise.of(own.unreadableAttachments()),
            house.store()::read,
            house.clock());
    this.wire =
        new WireChecks(
            Rules.out(
                names(leaving.header()),
                names(leaving.mimeHeader()),
                names(leaving.nestedHeader()),
                names(leaving.body()),
                bounds,
                house.clock()),
            house.store(),
            house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("checks", checks, "attachments", attachments);
  }

  /// The rules for mail that leaves.
  public WireChecks wire() {
    return wire;
  }

  private static List<String> names(List<?> tables) {
    return tables.stream().map(Object::toString).toList();
  }
}
