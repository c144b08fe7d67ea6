package org.caravanmta.restriction;

import java.util.Optional;
import org.caravanmta.policy.Case;

/// The restriction classes there are (postfix `RESTRICTION_CLASS_README`): each is a route.
public interface RestrictionClasses {
  /// Whether there is one of this name.
  boolean has(String name);

  /// What one says of a case; empty if it cannot be asked.
  Optional<Case.Listed> ask(String name, Case.Listed c);
}
