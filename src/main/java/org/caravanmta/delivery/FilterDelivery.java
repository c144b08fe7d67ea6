package org.caravanmta.delivery;

import java.util.function.Function;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Mail;

/// Hands messages to a content filter by SMTP (RFC 5321) or LMTP (RFC 2033), as they are: what
/// rules and tables change in outgoing mail is changed after the filter.
public final class FilterDelivery {
  private static final String LMTP = "lmtp:";

  private final Function<Mail, Outcome> smtp;
  private final Function<Mail, Outcome> lmtp;

  public FilterDelivery(Function<Mail, Outcome> smtp, Function<Mail, Outcome> lmtp) {
    this.smtp = smtp;
    this.lmtp = lmtp;
  }

  /// @param mail whose next hop is `smtp:[host]:port` or `lmtp:[host]:port`
  @HandsOver({"deferred.*", "report"})
  public Outcome deliver(Mail mail) {
    String filter = mail.envelope().hop().map(Hop::nextHop).orElse("");
    boolean byLmtp = filter.startsWith(LMTP);
    String server = filter.substring(filter.indexOf(':') + 1);
    Mail handed = mail.with(mail.envelope().with(new Hop(byLmtp ? "lmtp" : "smtp", server)));
    return (byLmtp ? lmtp : smtp).apply(handed).of(mail);
  }
}
