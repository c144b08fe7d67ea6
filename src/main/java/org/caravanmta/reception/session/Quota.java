package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.address.Literals;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.limits.Usage;
import org.caravanmta.smtp.Reply;

/// The share of the server that one session's client may use (RFC 5321 §4.5.4.2): it counts what
/// the client does in {@link Usage}, and has the reply to what is too much. A client that may use
/// XCLIENT is not counted; those that it speaks for are.
final class Quota {
  private final Usage usage;
  private final Intermediaries intermediaries;
  private final Replies replies;
  // whose session is counted; absent when none is
  private Optional<Usage.Source> entered = Optional.empty();

  Quota(Reception reception, Replies replies) {
    this.usage = reception.sessions().usage();
    this.intermediaries = reception.intermediaries();
    this.replies = replies;
  }

  /// Counts the session and the connection of a client, which may have taken the place of another.
  ///
  /// @return the refusal when it has too many; absent when it has not
  Optional<Reply> connect(Client client) {
    release();
    Optional<Usage.Source> source = source(client);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    boolean countAllowed = usage.enter(source.get());
    if (countAllowed) {
      entered = source;
    }
    boolean rateAllowed = usage.count(source.get(), Usage.Event.CONNECTION);
    if (countAllowed && rateAllowed) {
      return Optional.empty();
    }
    release();
    Events.tell(
        new SessionEvent.LimitExceeded(
            countAllowed ? "Connection rate" : "Connection concurrency", client));
    return Optional.of(replies.tooManyConnections(address(client)));
  }

  /// Counts a MAIL command; the refusal when there are too many in a minute.
  Optional<Reply> mail(Client client) {
    return count(
        client,
        Usage.Event.MESSAGE,
        "Message delivery request rate",
        Replies.tooMuchMail(address(client)));
  }

  /// Counts a RCPT or VRFY command; the refusal when there are too many in a minute.
  Optional<Reply> recipient(Client client) {
    return count(
        client,
        Usage.Event.RECIPIENT,
        "Recipient address rate",
        Replies.tooManyRecipients(address(client)));
  }

  /// How many sessions the client has now, this one counted; 0 for a client whose sessions are not
  /// counted.
  int connections(Client client) {
    return source(client).map(usage::open).orElse(0);
  }

  /// Ends the counting of the session.
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
    return intermediaries.trusted().xclientHosts().contains(client.address())
        ? Optional.empty()
        : usage.source(client);
  }

  private static String address(Client client) {
    return Literals.text(client.address());
  }
}
