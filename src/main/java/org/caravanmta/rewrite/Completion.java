package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Submitted;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Fault;

/// Puts into a header section what every message must have, `Message-Id`, `Date` and `From` (RFC
/// 5322 §3.6), where the client's header sections are ours to complete, see {@link HeaderOrigin}: a
/// stranger's may be signed by its author. A message of which nothing has been received stays so.
public final class Completion {
  /// Fields that say whom a message is for.
  private static final List<String> VISIBLE = List.of("To", "Cc", "Resent-To", "Resent-Cc");

  private final CompletionSettings own;
  private final HeaderSettings section;
  private final HeaderOrigin headers;
  private final Origin origin;
  private final String hostname;

  public Completion(
      CompletionSettings own,
      HeaderSettings section,
      HeaderOrigin headers,
      Origin origin,
      String hostname) {
    this.own = own;
    this.section = section;
    this.headers = headers;
    this.origin = origin;
    this.hostname = hostname;
  }

  public Case rewrite(Case c) {
    return Fault.held("completion", c, this::complete);
  }

  private Case complete(Case c) {
    return c.ifMessage(
        message ->
            message.open() && message.mail().headers().length() > 0
                ? Unavailable.deferred(message, m -> m.with(m.mail().with(completed(m.mail()))))
                : message);
  }

  private Headers completed(Mail mail) {
    return own.alwaysComplete() || headers.of(mail.envelope().client()).isPresent()
        ? disclosed(
            Submitted.complete(
                mail.headers(),
                mail.id(),
                hostname,
                origin.domain(),
                mail.reversePath(),
                "",
                mail.envelope().arrived()))
        : mail.headers();
  }

  /// RFC 5322 §3.6.3 lets a message go without recipients; some readers do not.
  private Headers disclosed(Headers fields) {
    String undisclosed = section.undisclosed();
    int colon = undisclosed.indexOf(':');
    return colon < 0 || VISIBLE.stream().anyMatch(name -> fields.first(name).isPresent())
        ? fields
        : fields.append(
            Headers.Field.of(
                undisclosed.substring(0, colon), undisclosed.substring(colon + 1).strip()));
  }
}
