package org.caravanmta.filter;

import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.policy.Case;

/// The program that sees every message that comes in before it is delivered (postfix
/// `content_filter`), unless a restriction has chosen another, or has redirected the message.
public final class ContentFilter {
  private final Optional<NamedTransport> usual;
  private final OptionalInt user;

  /// @param usual empty for none
  /// @param user whom it runs as when it is a program: what he posts by `sendmail` has been
  ///   filtered
  public ContentFilter(Optional<NamedTransport> usual, OptionalInt user) {
    this.usual = usual;
    this.user = user;
  }

  /// The case with the filter, if any, in its message's envelope. Checks, which are asked after
  /// this, may choose another.
  public Case choose(Case c) {
    return c.ifMessage(this::chosen);
  }

  private Case chosen(Case.Message message) {
    Mail mail = message.mail();
    Optional<NamedTransport> filter =
        message.restrictionState().redirected()
            ? Optional.empty()
            : mail.envelope().filter().or(() -> isFiltered(mail) ? Optional.empty() : usual);
    return filter.equals(mail.envelope().filter())
        ? message
        : message.with(mail.with(mail.envelope().through(filter)));
  }

  /// By the field that the collector has just written (RFC 5321 §4.4): who posts cannot write it.
  private boolean isFiltered(Mail mail) {
    Client client = mail.envelope().client();
    return user.isPresent()
        && (client.isPosted() || client.isRelayed())
        && mail.headers()
            .first("Received")
            .filter(
                field ->
                    field
                        .value()
                        .contains("from userid " + Integer.toUnsignedString(user.getAsInt()) + ")"))
            .isPresent();
  }
}
