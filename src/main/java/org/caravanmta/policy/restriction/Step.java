package org.caravanmta.policy.restriction;

import java.util.function.UnaryOperator;
import org.caravanmta.policy.Case;

/// A restriction, or the start of a list of them, as a route's step.
public final class Step {
  private final UnaryOperator<Case.Listed> turn;

  Step(UnaryOperator<Case.Listed> turn) {
    this.turn = turn;
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Listed listed -> turn.apply(listed);
    };
  }
}
