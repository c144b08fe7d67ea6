package org.caravanmta.policy;

import java.util.Set;

/// Where a case is on its way along the restriction lists.
///
/// @param before the lists that have been asked at earlier commands, and are not asked again
/// @param list the list that is being asked
/// @param permitted whether a restriction has ended it
/// @param depth how many results of tables, or restriction classes, it is in
public record ListPosition(
    Set<RestrictionList> before, RestrictionList list, boolean permitted, int depth) {
  static final ListPosition START = new ListPosition(Set.of(), RestrictionList.NONE, false, 0);

  public ListPosition {
    before = Set.copyOf(before);
  }

  ListPosition at(RestrictionList next) {
    return new ListPosition(before, next, false, 0);
  }

  ListPosition after(Set<RestrictionList> asked) {
    return new ListPosition(asked, list, permitted, depth);
  }

  ListPosition permit() {
    return new ListPosition(before, list, true, depth);
  }

  ListPosition deep(int changed) {
    return new ListPosition(before, list, permitted, changed);
  }
}
