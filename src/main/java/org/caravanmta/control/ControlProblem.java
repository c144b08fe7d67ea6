package org.caravanmta.control;

/// Why a verb could not be done or asked, in a line for the operator.
public final class ControlProblem extends Exception {
  private static final long serialVersionUID = 1L;

  public ControlProblem(String line) {
    super(line);
  }
}
