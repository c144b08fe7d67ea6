package org.caravanmta.filter;

import java.util.Optional;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;

/// The program that sees every message that comes in before it is delivered (postfix
/// `content_filter`), unless a restriction has chosen another, or has redirected the message.
public final class ContentFilter {
  private final Optional<Hop> usual;

  /// @param usual empty for none
  public ContentFilter(Optional<Hop> usual) {
    this.usual = usual;
  }

  /// The case with the filter, if any, in its message's envelope. Checks, which are asked after
  /// this, may choose another.
  public Case choose(Case c) {
    return switch (c) {
      case Case.Message message -> {
        Mail mail = message.mail();
        Optional<Hop> chosen =
            message.passage().redirected()
                ? Optional.empty()
                : mail.envelope().filter().or(() -> usual);
        yield chosen.equals(mail.envelope().filter())
            ? message
            : message.with(mail.with(mail.envelope().through(chosen)));
      }
      case Case.Connection _, Case.Rcpt _, Case.Data _ -> c;
    };
  }
}
