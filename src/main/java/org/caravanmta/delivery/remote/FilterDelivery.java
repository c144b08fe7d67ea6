package org.caravanmta.delivery.remote;

import java.util.function.Function;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;

/// The delivery to a content filter by SMTP (RFC 5321) or LMTP (RFC 2033; postfix
/// `content_filter`). The filter gets messages as they are: rules and tables for outgoing mail
/// apply after it.
public final class FilterDelivery {
  private static final Destination NOWHERE = Destination.of(Transport.FILTER.key(), "");

  private final Function<Mail, TaskOutcome> smtp;
  private final Function<Mail, TaskOutcome> lmtp;

  public FilterDelivery(Function<Mail, TaskOutcome> smtp, Function<Mail, TaskOutcome> lmtp) {
    this.smtp = smtp;
    this.lmtp = lmtp;
  }

  /// @param mail whose next hop is `smtp:[host]:port` or `lmtp:[host]:port`; without either prefix
  ///   it goes by SMTP
  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Destination given = mail.envelope().destination().orElse(NOWHERE);
    return switch (given.by(Transport.FILTER)) {
      case Destination.Filter(var server)
          when server.way().notation() == Transport.Notation.SERVERS ->
          lmtp.apply(to(server, mail)).of(mail);
      case Destination.Filter(var server) -> smtp.apply(to(server, mail)).of(mail);
      case Destination unsaid ->
          smtp.apply(to(new Destination.Plain(Transport.SMTP, unsaid.nextHop()), mail)).of(mail);
    };
  }

  private static Mail to(Destination server, Mail mail) {
    return mail.with(mail.envelope().with(server));
  }
}
