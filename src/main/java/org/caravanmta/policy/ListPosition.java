package org.caravanmta.policy;

import java.util.Set;

/// The position of a case on its way along the restriction lists.
///
/// @param before the lists that were asked at earlier commands, and are not asked again
/// @param list the current list
/// @param permitted whether a restriction has ended the current list by `permit`
/// @param depth how deep in results of tables and restriction classes the current restriction is
public record ListPosition(
    Set<RestrictionList> before, RestrictionList list, boolean permitted, int depth) {
  static final ListPosition START = new ListPosition(Set.of(), RestrictionList.NONE, false, 0);

  public ListPosition {
    before = Set.copyOf(before);
  }

  /// At the start of another list.
  ListPosition at(RestrictionList next) {
    return new ListPosition(before, next, false, 0);
  }

  /// With the lists that were asked at earlier commands.
  ListPosition after(Set<RestrictionList> asked) {
    return new ListPosition(asked, list, permitted, depth);
  }

  /// With the current list ended by `permit`.
  ListPosition permit() {
    return new ListPosition(before, list, true, depth);
  }

  ListPosition atDepth(int changed) {
    return new ListPosition(before, list, permitted, changed);
  }
}
