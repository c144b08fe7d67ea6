package org.caravanmta.rewrite;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.smtp.server.Submitted;

/// Takes out of a header section what is meant for servers alone (postfix `message_drop_headers`),
/// and puts in what every message must have, `Message-Id`, `Date` and `From` (RFC 5322 §3.6), where
/// the client's header sections are ours to complete, see {@link HeaderOrigin}: a stranger's may be
/// signed by its author. A message of which nothing has been received stays so.
public final class Completion {
  private final Set<String> dropped;
  private final boolean always;
  private final HeaderOrigin headers;
  private final Origin origin;
  private final String hostname;

  /// @param dropped names of fields
  /// @param always whether strangers' header sections are completed too (postfix
  ///   `always_add_missing_headers`)
  public Completion(
      Set<String> dropped, boolean always, HeaderOrigin headers, Origin origin, String hostname) {
    this.dropped =
        dropped.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    this.always = always;
    this.headers = headers;
    this.origin = origin;
    this.hostname = hostname;
  }

  public Case rewrite(Case c) {
    return switch (c) {
      case Case.Message message ->
          message.open() && message.mail().headers().length() > 0
              ? message.with(message.mail().with(completed(message.mail())))
              : message;
      case Case.Connection _, Case.Rcpt _, Case.Data _ -> c;
    };
  }

  private Headers completed(Mail mail) {
    Headers kept =
        mail.headers().without(field -> dropped.contains(field.name().toLowerCase(Locale.ROOT)));
    return always || headers.of(mail.envelope().client()).isPresent()
        ? Submitted.complete(
            kept,
            mail.id(),
            hostname,
            origin.domain(),
            mail.reversePath(),
            "",
            mail.envelope().arrived())
        : kept;
  }
}
