package org.caravanmta.reception.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Submitted;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.Passage;
import org.caravanmta.policy.Said;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;

/// One message from MAIL to the end of its data (RFC 5321 §3.3).
final class MailTransaction {
  /// Bytes of a transaction, and of a recipient or an order in it, without their text.
  private static final int EMPTY = 1024;

  private static final int RECIPIENT = 256;

  private final ReversePath sender;
  private final MailOptions parameters;
  private final Forwarded forwarded;
  private final List<Recipient> accepted = new ArrayList<>();
  private Optional<String> id = Optional.empty();
  private Verdict standing = Verdict.UNDECIDED;
  private final String instance = Long.toHexString(ThreadLocalRandom.current().nextLong());
  private final long declared;
  private final Said said;
  private final List<MessageAction> actions = new ArrayList<>();
  private int excess;
  private boolean begun;
  private int room;

  /// @param forwarded whom the client says it speaks for
  /// @param declared the SIZE parameter; 0 when not given
  /// @param said what MAIL has said
  MailTransaction(
      ReversePath sender, MailOptions parameters, Forwarded forwarded, long declared, Said said) {
    this.said = said;
    this.sender = sender;
    this.parameters = parameters;
    this.forwarded = forwarded;
    this.declared = declared;
    this.room =
        EMPTY
            // as it is, as given, and as the log and the route have it
            + 3 * sender.toString().length()
            + parameters.envid().map(String::length).orElse(0);
  }

  /// About how many bytes it takes, without content.
  int room() {
    return room;
  }

  /// About how many a recipient takes.
  static int room(Command.Rcpt rcpt) {
    Address address = rcpt.recipient();
    int text =
        address.localPart().length()
            + address.domain().name().length()
            + rcpt.orcpt().map(String::length).orElse(0);
    return RECIPIENT + (address.isAscii() ? text : 2 * text);
  }

  /// As restrictions are told of it before they are asked about a recipient.
  ///
  /// @param given as RCPT has it
  Passage passage(String given) {
    return new Passage(instance, id.orElse(""), declared, said.to(given));
  }

  /// As restrictions are told of it before they are asked.
  Passage passage() {
    return new Passage(instance, id.orElse(""), declared, said);
  }

  /// What had come of the questions before the first recipient; told once.
  void after(EarlierFindings earlier) {
    if (!begun) {
      begun = true;
      earlier.verdicts().forEach(this::subject);
      order(earlier.actions());
    }
  }

  /// What restrictions have ordered for the message.
  void order(List<MessageAction> more) {
    actions.addAll(more);
    room += more.size() * RECIPIENT;
  }

  ReversePath sender() {
    return sender;
  }

  MailOptions parameters() {
    return parameters;
  }

  Forwarded forwarded() {
    return forwarded;
  }

  /// The message's id, which it has once a recipient has been accepted.
  Optional<String> id() {
    return id;
  }

  void name(String newId) {
    id = Optional.of(newId);
  }

  /// The recipients accepted so far, each as often as it was given.
  List<Address> accepted() {
    return accepted.stream().map(Recipient::address).toList();
  }

  int count() {
    return accepted.size();
  }

  /// The recipient, when there is but one.
  Optional<Address> only() {
    return accepted.size() == 1 ? Optional.of(accepted.getFirst().address()) : Optional.empty();
  }

  /// @param bytes that it takes
  void accept(Recipient recipient, int bytes) {
    room += bytes;
    accepted.add(recipient);
  }

  /// Counts a recipient beyond the limit.
  ///
  /// @return how many there have been
  int exceed() {
    return ++excess;
  }

  /// What the whole message is in for because of its client or a recipient: held or discarded. The
  /// stronger of the two stands.
  void subject(Verdict verdict) {
    switch (verdict) {
      case Verdict.Discard(_) -> standing = verdict;
      case Verdict.Hold(_) -> standing = standing instanceof Verdict.Discard ? standing : verdict;
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Defer(_), Verdict.Reject(_) -> {}
    }
  }

  Verdict standing() {
    return standing;
  }

  /// The message as it is put to the route; a recipient given twice with the same parameters gets
  /// it once.
  Mail mail(
      Service service,
      SessionTerms settings,
      Client client,
      Headers received,
      Content content,
      Instant arrived) {
    List<Recipient> recipients = accepted.stream().distinct().toList();
    String queueId = id.orElseThrow();
    Headers headers =
        switch (service) {
          case SUBMISSION, SUBMISSIONS ->
              Submitted.complete(
                  received, queueId, settings.hostname(), settings.origin(), sender, "", arrived);
          case SMTP, REINJECTION -> received;
        };
    var envelope = Envelope.of(queueId, sender, recipients, client, parameters, arrived);
    return MessageAction.apply(
        actions,
        new Mail(
            envelope, headers.prepend(ReceivedField.of(envelope, settings.hostname())), content));
  }
}
