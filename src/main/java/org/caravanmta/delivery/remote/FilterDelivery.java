package org.caravanmta.delivery.remote;

import java.util.function.BiFunction;
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

  private final BiFunction<Mail, Destination, TaskOutcome> smtp;
  private final BiFunction<Mail, Destination, TaskOutcome> lmtp;

  /// @param smtp takes a message, and to which servers it goes
  public FilterDelivery(
      BiFunction<Mail, Destination, TaskOutcome> smtp,
      BiFunction<Mail, Destination, TaskOutcome> lmtp) {
    this.smtp = smtp;
    this.lmtp = lmtp;
  }

  /// @param mail whose next hop is `smtp:[host]:port` or `lmtp:[host]:port`; without either prefix
  ///   it goes by SMTP
  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Destination given = mail.envelope().destination().orElse(NOWHERE);
    Destination.Plain server = server(given);
    return (isLmtp(server) ? lmtp : smtp).apply(mail, server);
  }

  /// Where the filter listens that a destination names.
  static Destination.Plain server(Destination given) {
    return switch (given.by(Transport.FILTER)) {
      case Destination.Filter(var server) -> server;
      case Destination unsaid -> new Destination.Plain(Transport.SMTP, unsaid.nextHop());
    };
  }

  static boolean isLmtp(Destination.Plain server) {
    return server.way().notation() == Transport.Notation.SERVERS;
  }
}
