package org.caravanmta.control;

/// Says why a verb could not be done, or not be put to the server, in a line for the operator.
public final class ControlProblem extends Exception {
  private static final long serialVersionUID = 1L;

  public ControlProblem(String line) {
    super(line);
  }
}
