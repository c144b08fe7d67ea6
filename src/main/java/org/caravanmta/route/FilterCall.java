package org.caravanmta.route;

import java.util.function.Consumer;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.caravanmta.filter.FilterStep;
import org.caravanmta.filter.Filtered;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.SessionKeep;
import org.caravanmta.policy.Verdict;
import org.jspecify.annotations.Nullable;

/// A content filter as a step calls it: with the client's session, if the question comes from one.
///
/// Content that one filter has made and another has replaced belongs to nobody any more, and so
/// does what has been made of a message that is refused: it is given back here.
public final class FilterCall {
  /// The message before the first filter.
  private static final String FIRST = "CaravanUnfiltered";

  private final FilterStep step;
  private final Consumer<Content> released;

  /// @param released takes content that nothing refers to any more
  FilterCall(FilterStep step, Consumer<Content> released) {
    this.step = step;
    this.released = released;
  }

  /// @param body a question before the queue, or a message after it
  public Object check(
      @Body Object body,
      @ExchangeProperty(SessionKeep.PROPERTY) @Nullable SessionKeep keep,
      Exchange exchange) {
    return switch (body) {
      case Case.Message message ->
          step.check(message, keep) instanceof Case.Message checked
              ? settled(message, checked, exchange)
              : message;
      case Case question -> step.check(question, keep);
      case Mail mail -> settled(Filtered.of(mail));
      case Filtered filtered -> settled(filtered);
      default -> throw new IllegalArgumentException("not a message: " + body.getClass().getName());
    };
  }

  private Case.Message settled(Case.Message before, Case.Message after, Exchange exchange) {
    Mail came = exchange.getProperty(FIRST, before.mail(), Mail.class);
    exchange.setProperty(FIRST, came);
    Content first = came.content();
    replaced(before.mail().content(), after.mail().content(), first);
    boolean goesOn =
        switch (after.outcome()) {
          case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold _ -> true;
          case Verdict.Defer _, Verdict.Reject _, Verdict.Discard _, Verdict.Taken _ -> false;
        };
    if (goesOn || after.mail().content().equals(first)) {
      return after;
    }
    released.accept(after.mail().content());
    // a later filter may yet be asked about it, and fields that describe another body must not stay
    return after.with(came);
  }

  private Filtered settled(Filtered before) {
    Filtered after = step.check(before);
    replaced(before.mail().content(), after.mail().content(), before.taken());
    if (after.isKept() || after.mail().content().equals(before.taken())) {
      return after;
    }
    released.accept(after.mail().content());
    return after.with(after.mail().with(before.taken()));
  }

  private void replaced(Content before, Content after, Content first) {
    if (!before.equals(after) && !before.equals(first)) {
      released.accept(before);
    }
  }
}
