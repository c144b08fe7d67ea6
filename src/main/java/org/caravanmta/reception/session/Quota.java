package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.address.Literals;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.limits.Usage;
import org.caravanmta.smtp.Reply;

/// What one session's client may still use of the server (RFC 5321 §4.5.4.2): counts what it does
/// in {@link Usage}, and gives the reply to what is too much. Clients that may use XCLIENT are not
/// counted, those they speak for are.
final class Quota {
  private final Usage usage;
  private final Intermediaries intermediaries;
  private final Replies replies;
  private Optional<Usage.Source> entered = Optional.empty();

  Quota(Reception reception, Replies replies) {
    this.usage = reception.sessions().usage();
    this.intermediaries = reception.intermediaries();
    this.replies = replies;
  }

  /// Takes the client's session, instead of the one taken before.
  ///
  /// @return why it may not have it
  Optional<Reply> connect(Client client) {
    release();
    Optional<Usage.Source> source = source(client);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    boolean few = usage.enter(source.get());
    if (few) {
      entered = source;
    }
    boolean slow = usage.count(source.get(), Usage.Event.CONNECTION);
    if (few && slow) {
      return Optional.empty();
    }
    release();
    Events.tell(
        new SessionEvent.LimitExceeded(few ? "Connection rate" : "Connection concurrency", client));
    return Optional.of(replies.tooManyConnections(address(client)));
  }

  /// Counts a MAIL command.
  Optional<Reply> mail(Client client) {
    return count(
        client,
        Usage.Event.MESSAGE,
        "Message delivery request rate",
        Replies.tooMuchMail(address(client)));
  }

  /// Counts a RCPT or VRFY command.
  Optional<Reply> recipient(Client client) {
    return count(
        client,
        Usage.Event.RECIPIENT,
        "Recipient address rate",
        Replies.tooManyRecipients(address(client)));
  }

  /// Gives the session back.
  void release() {
    entered.ifPresent(usage::exit);
    entered = Optional.empty();
  }

  private Optional<Reply> count(Client client, Usage.Event event, String what, Reply refusal) {
    boolean within = source(client).map(source -> usage.count(source, event)).orElse(true);
    if (within) {
      return Optional.empty();
    }
    Events.tell(new SessionEvent.LimitExceeded(what, client));
    return Optional.of(refusal);
  }

  private Optional<Usage.Source> source(Client client) {
    return intermediaries.xclient().contains(client.address())
        ? Optional.empty()
        : usage.source(client);
  }

  private static String address(Client client) {
    return Literals.text(client.address());
  }
}
