package org.caravanmta.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.ReversePath;

/// The envelope of a message (RFC 5321 §2.3.1), and whatever else travels with the message through
/// the queues. An envelope is made by {@link #of} and changed by `with`, so that no part is lost by
/// code that does not know it.
///
/// @param id the queue id, which the message has from the 250 reply on, see {@link QueueIds}; all
///   its delivery tasks have the same
/// @param recipients at least one, and at most {@link #MOST_RECIPIENTS} in a queue message
/// @param purpose whether it is delivered, watched on its way, or only verified
/// @param parameters those of MAIL FROM
/// @param arrived when reception had received all of it; its age counts from here, without the time
///   that it has lain in the quarantine
/// @param progress attempts so far, and when the next is due
/// @param destination where the delivery task goes; absent before routing
/// @param filter the content filter that the message goes through before it is delivered (postfix
///   `content_filter`); absent for none
/// @param passage how far it has come through content filters
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
    Optional<NamedTransport> filter,
    Passage passage) {
  /// With more, the broker would make a file of the message in every queue (a large message).
  public static final int MOST_RECIPIENTS = 500;

  public Envelope {
    recipients = List.copyOf(recipients);
  }

  /// The envelope of a new message that is to be delivered: due now, not yet routed, and without a
  /// content filter.
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
        Optional.empty(),
        Passage.NONE);
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

  /// With another content filter, or with none.
  public Envelope through(Optional<NamedTransport> changed) {
    return changed(reversePath, recipients, purpose, parameters, progress, destination, changed);
  }

  public Envelope with(Passage changed) {
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
        filter,
        changed);
  }

  /// Released from the quarantine. The time that it has lain there is not part of its age: it may
  /// wait on its way as long as any other.
  public Envelope released(Instant now) {
    Instant since = passage.custody().map(Custody::since).orElse(now);
    return new Envelope(
        id,
        reversePath,
        recipients,
        client,
        purpose,
        parameters,
        since.isBefore(now) ? arrived.plus(Duration.between(since, now)) : arrived,
        progress,
        destination,
        filter,
        passage.released());
  }

  /// The id and the client never change.
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
        filter,
        passage);
  }

  /// Whether all addresses are ASCII; if not, the message needs SMTPUTF8 (RFC 6531 §3.3).
  public boolean isAscii() {
    return !(reversePath instanceof ReversePath.Mailbox(var sender) && !sender.isAscii())
        && recipients.stream().allMatch(recipient -> recipient.address().isAscii());
  }
}
