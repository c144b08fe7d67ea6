package org.caravanmta.route;

import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.caravanmta.filter.FilterStep;
import org.caravanmta.filter.Filtered;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.SessionKeep;
import org.jspecify.annotations.Nullable;

/// A content filter as a step calls it: with the client's session, if the question comes from one.
public final class FilterCall {
  private final FilterStep step;

  FilterCall(FilterStep step) {
    this.step = step;
  }

  /// @param body a question before the queue, or a message after it
  public Object check(
      @Body Object body, @ExchangeProperty(SessionKeep.PROPERTY) @Nullable SessionKeep keep) {
    return switch (body) {
      case Case question -> step.check(question, keep);
      case Mail mail -> step.check(Filtered.of(mail));
      case Filtered filtered -> step.check(filtered);
      default -> throw new IllegalArgumentException("not a message: " + body.getClass().getName());
    };
  }
}
