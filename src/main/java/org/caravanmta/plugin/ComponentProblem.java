package org.caravanmta.plugin;

/// Says why a component cannot be added or removed; nothing has been changed.
public final class ComponentProblem extends Exception {
  private static final long serialVersionUID = 1L;

  ComponentProblem(String problem) {
    super(problem);
  }
}
