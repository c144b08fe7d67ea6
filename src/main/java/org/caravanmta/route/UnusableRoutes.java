package org.caravanmta.route;

/// Says what is wrong with the route files, in one line for the operator.
public final class UnusableRoutes extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableRoutes(String line) {
    super(line);
  }
}
