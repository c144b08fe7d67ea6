package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;

/// A table that cannot be used as written: which one, where in it, and what was expected.
public final class TableProblem extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> lines;

  /// @param table as the operator wrote it, `texthash:/etc/caravan/virtual`
  /// @param place `line 3`, `entry 2`, or empty for the table as a whole
  TableProblem(String table, String place, String what) {
    this(List.of(table + (place.isEmpty() ? "" : ", " + place) + ": " + what));
  }

  private TableProblem(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = new ArrayList<>(lines);
  }

  /// All that is wrong with a table.
  static TableProblem of(List<TableProblem> problems) {
    return problems.size() == 1
        ? problems.getFirst()
        : new TableProblem(problems.stream().flatMap(p -> p.lines.stream()).toList());
  }

  /// One for each thing that is wrong.
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
