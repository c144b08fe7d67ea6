package org.caravanmta.delivery.remote;

import java.util.function.Function;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Mail;

/// Hands messages to a content filter by SMTP (RFC 5321) or LMTP (RFC 2033), as they are: what
/// rules and tables change in outgoing mail is changed after the filter.
public final class FilterDelivery {
  private static final String LMTP = "lmtp:";

  private final Function<Mail, TaskOutcome> smtp;
  private final Function<Mail, TaskOutcome> lmtp;

  public FilterDelivery(Function<Mail, TaskOutcome> smtp, Function<Mail, TaskOutcome> lmtp) {
    this.smtp = smtp;
    this.lmtp = lmtp;
  }

  /// @param mail whose next hop is `smtp:[host]:port` or `lmtp:[host]:port`
  @HandsOver({"deferred.*", "report"})
  public TaskOutcome deliver(Mail mail) {
    String filter = mail.envelope().hop().map(Hop::nextHop).orElse("");
    boolean byLmtp = filter.startsWith(LMTP);
    String server = filter.substring(filter.indexOf(':') + 1);
    Mail handed = mail.with(mail.envelope().with(new Hop(byLmtp ? "lmtp" : "smtp", server)));
    return (byLmtp ? lmtp : smtp).apply(handed).of(mail);
  }
}
