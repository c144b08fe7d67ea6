package org.caravanmta.control;

import java.util.List;

/// Something the operator can ask of a running Caravan: `queue.list`, `stage.stop`, `metrics`.
///
/// A verb answers data, never text made for eyes: the command line, or whoever else asks, shows it
/// as it likes.
@FunctionalInterface
public interface ControlVerb {
  /// @param rows takes the answer, row by row; written through at once
  /// @throws ControlProblem if it cannot be done, or not all of it, with a line for the operator
  /// @throws IllegalArgumentException if the arguments are wrong, with a line for the operator
  void run(List<String> args, Rows rows) throws Exception;
}
