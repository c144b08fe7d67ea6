package org.caravanmta.restriction;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.policy.Case;

/// A restriction, or the start of a list of them, as a route's step.
public final class RestrictionStep {
  private final UnaryOperator<Case.Listed> turn;
  private final Set<String> classes;

  /// @param classes that it, or a table that it asks, names
  RestrictionStep(UnaryOperator<Case.Listed> turn, Set<String> classes) {
    this.turn = turn;
    this.classes = Set.copyOf(classes);
  }

  /// The restriction classes to which it may leave a case, as its tables are now.
  public Set<String> classes() {
    return classes;
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Listed listed -> turn.apply(listed);
      case Case.Event event -> event;
    };
  }
}
