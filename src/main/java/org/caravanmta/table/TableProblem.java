package org.caravanmta.table;

/// A table that cannot be used as written: which one, where in it, and what was expected.
public final class TableProblem extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param table as the operator wrote it, `texthash:/etc/caravan/virtual`
  /// @param place `line 3`, `entry 2`, or empty for the table as a whole
  TableProblem(String table, String place, String what) {
    super(table + (place.isEmpty() ? "" : ", " + place) + ": " + what);
  }
}
