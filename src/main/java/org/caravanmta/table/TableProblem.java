package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;

/// Says that a table cannot be used as it is written: which table, which line, and what was
/// expected.
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

  /// All mistakes in a table as one problem.
  static TableProblem of(List<TableProblem> problems) {
    return problems.size() == 1
        ? problems.getFirst()
        : new TableProblem(problems.stream().flatMap(p -> p.lines.stream()).toList());
  }

  /// One line for each mistake.
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
