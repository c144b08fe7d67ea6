package org.caravanmta.message;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.ReversePath;

/// What is said about a message outside it (RFC 5321 §2.3.1) and what must travel with it. One is
/// made by {@link #of} and changed by `with`, so that a part of which its maker knows nothing is
/// not lost.
///
/// @param id the message's one name from the 250 reply on, see {@link QueueIds}; its delivery tasks
///   share it
/// @param recipients at least one, at most {@link #MOST_RECIPIENTS} in a message on a queue
/// @param arrived when reception had the message whole; lifetimes count from here
/// @param destination set by routing on each delivery task
/// @param filter the content filter that all of it goes to before it is delivered (postfix
///   `content_filter`)
public record Envelope(
    String id,
    ReversePath reversePath,
    List<Recipient> recipients,
    Client client,
    Purpose purpose,
    MailOptions parameters,
    Instant arrived,
    Progress progress,
    Optional<Destination> destination,
    Optional<NamedTransport> filter) {
  /// More would make the queue message a large message of the broker's, which is a file per hop.
  public static final int MOST_RECIPIENTS = 500;

  public Envelope {
    recipients = List.copyOf(recipients);
  }

  /// A new message's, to be delivered, due now, without a content filter and not yet routed.
  public static Envelope of(
      String id,
      ReversePath reversePath,
      List<Recipient> recipients,
      Client client,
      MailOptions parameters,
      Instant arrived) {
    return new Envelope(
        id,
        reversePath,
        recipients,
        client,
        Purpose.DELIVERY,
        parameters,
        arrived,
        Progress.at(arrived),
        Optional.empty(),
        Optional.empty());
  }

  public Envelope with(ReversePath changed) {
    return changed(changed, recipients, purpose, parameters, progress, destination, filter);
  }

  public Envelope with(List<Recipient> changed) {
    return changed(reversePath, changed, purpose, parameters, progress, destination, filter);
  }

  public Envelope with(Purpose changed) {
    return changed(reversePath, recipients, changed, parameters, progress, destination, filter);
  }

  public Envelope with(MailOptions changed) {
    return changed(reversePath, recipients, purpose, changed, progress, destination, filter);
  }

  public Envelope with(Progress changed) {
    return changed(reversePath, recipients, purpose, parameters, changed, destination, filter);
  }

  public Envelope with(Destination changed) {
    return changed(
        reversePath, recipients, purpose, parameters, progress, Optional.of(changed), filter);
  }

  /// With another content filter, or none.
  public Envelope through(Optional<NamedTransport> changed) {
    return changed(reversePath, recipients, purpose, parameters, progress, destination, changed);
  }

  /// The id, the client and the arrival of a message never change.
  private Envelope changed(
      ReversePath reversePath,
      List<Recipient> recipients,
      Purpose purpose,
      MailOptions parameters,
      Progress progress,
      Optional<Destination> destination,
      Optional<NamedTransport> filter) {
    return new Envelope(
        id,
        reversePath,
        recipients,
        client,
        purpose,
        parameters,
        arrived,
        progress,
        destination,
        filter);
  }

  /// Whether all its addresses are ASCII: if not, only SMTPUTF8 can carry it (RFC 6531 §3.3).
  public boolean isAscii() {
    return !(reversePath instanceof ReversePath.Mailbox(var sender) && !sender.isAscii())
        && recipients.stream().allMatch(recipient -> recipient.address().isAscii());
  }
}
