package org.caravanmta.control;

import java.util.List;

/// A command that the operator can give to a running Caravan: `queue.list`, `stage.stop`,
/// `metrics`.
///
/// A verb answers with data, never with text for people: how the data is shown is up to the command
/// line, or to whoever else asks.
@FunctionalInterface
public interface ControlVerb {
  /// Runs the verb.
  ///
  /// @param rows takes the answer, row by row
  /// @throws ControlProblem if it cannot be done, or not all of it, with a line for the operator
  /// @throws IllegalArgumentException if the arguments are wrong, with a line for the operator
  void run(List<String> args, Rows rows) throws Exception;
}
