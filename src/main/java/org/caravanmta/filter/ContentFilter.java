package org.caravanmta.filter;

import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.policy.Case;

/// The program that sees every message that comes in before it is delivered (postfix
/// `content_filter`), unless a restriction has chosen another, or has redirected the message.
public final class ContentFilter {
  private final Optional<NamedTransport> usual;
  private final OptionalInt user;
  private final String hostname;

  /// @param usual empty for none
  /// @param user whom it runs as when it is a program: what he posts by `sendmail` has been
  ///   filtered
  /// @param hostname the name of this server
  public ContentFilter(Optional<NamedTransport> usual, OptionalInt user, String hostname) {
    this.hostname = hostname;
    this.usual = usual;
    this.user = user;
  }

  /// The case with the filter, if any, in its message's envelope. Checks, which are asked after
  /// this, may choose another. What the filter has posted has REQUIRETLS as before (RFC 8689 §4.2).
  public Case choose(Case c) {
    return c.ifMessage(this::chosen);
  }

  private Case chosen(Case.Message message) {
    boolean filtered = isFiltered(message.mail());
    Case.Message kept = filtered ? kept(message) : message;
    Mail mail = kept.mail();
    Optional<NamedTransport> filter =
        message.restrictionState().redirected()
            ? Optional.empty()
            : mail.envelope().filter().or(() -> filtered ? Optional.empty() : usual);
    return filter.equals(mail.envelope().filter())
        ? kept
        : kept.with(mail.with(mail.envelope().through(filter)));
  }

  private Case.Message kept(Case.Message message) {
    Mail mail = message.mail();
    return ReceivedField.requiresTls(mail.headers(), hostname)
        ? message.with(
            mail.with(mail.envelope().with(mail.envelope().parameters().withRequireTls())))
        : message;
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
