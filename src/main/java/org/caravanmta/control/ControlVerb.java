package org.caravanmta.control;

import java.util.List;

/// Something the operator can ask of a running Caravan: `queue.list`, `stage.stop`, `metrics`.
@FunctionalInterface
public interface ControlVerb {
  /// @param out takes what the operator sees, as whole or part lines; written through at once
  /// @throws ControlProblem if it cannot be done, with a line for the operator
  /// @throws IllegalArgumentException if the arguments are wrong, with a line for the operator
  void run(List<String> args, Appendable out) throws Exception;
}
