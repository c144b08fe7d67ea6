package org.caravanmta.route;

import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.caravanmta.filter.FilterStep;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.SessionKeep;
import org.jspecify.annotations.Nullable;

/// A content filter as a step calls it: with the client's session, if the question comes from one.
public final class FilterCall {
  private final FilterStep step;

  FilterCall(FilterStep step) {
    this.step = step;
  }

  public Case check(
      @Body Case c, @ExchangeProperty(SessionKeep.PROPERTY) @Nullable SessionKeep keep) {
    return step.check(c, keep);
  }
}
