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
import org.caravanmta.policy.GivenPaths;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;

/// A mail transaction (RFC 5321 §3.3): one message, from MAIL to the end of its data.
final class MailTransaction {
  /// Bytes of memory that a transaction takes, without its texts.
  private static final int EMPTY = 1024;

  /// Bytes of memory that a recipient, or an action, takes without its texts.
  private static final int RECIPIENT = 256;

  private final ReversePath sender;
  private final MailOptions parameters;
  private final Forwarded forwarded;
  private final List<Recipient> accepted = new ArrayList<>();
  private Optional<String> id = Optional.empty();
  private Verdict standing = Verdict.UNDECIDED;
  // the same in all questions of this transaction (postfix SMTPD_POLICY_README: instance)
  private final String instance = Long.toHexString(ThreadLocalRandom.current().nextLong());
  private final long declared;
  private final GivenPaths givenPaths;
  private final List<MessageAction> actions = new ArrayList<>();
  private int excess;
  private boolean includesEarlier;
  private int room;

  /// @param parameters those of MAIL, without SIZE
  /// @param forwarded the original client, as XFORWARD has given it
  /// @param declared the SIZE parameter in bytes (RFC 1870); 0 when not given
  /// @param givenPaths the texts of MAIL, as restrictions may ask for it
  MailTransaction(
      ReversePath sender,
      MailOptions parameters,
      Forwarded forwarded,
      long declared,
      GivenPaths givenPaths) {
    this.givenPaths = givenPaths;
    this.sender = sender;
    this.parameters = parameters;
    this.forwarded = forwarded;
    this.declared = declared;
    this.room =
        EMPTY
            // the sender as it is, as given, and as the log and the route have it
            + 3 * sender.toString().length()
            + parameters.envid().map(String::length).orElse(0);
  }

  /// About how many bytes of memory the transaction takes, without content.
  int room() {
    return room;
  }

  /// About how many bytes of memory a recipient takes.
  static int room(Command.Rcpt rcpt) {
    Address address = rcpt.recipient();
    int text =
        address.localPart().length()
            + address.domain().name().length()
            + rcpt.orcpt().map(String::length).orElse(0);
    return RECIPIENT + (address.isAscii() ? text : 2 * text);
  }

  /// The state in the restriction lists with which a question about a recipient begins.
  ///
  /// @param given the recipient as RCPT has it
  RestrictionState restrictionState(String given) {
    return new RestrictionState(instance, id.orElse(""), declared, givenPaths.to(given));
  }

  /// The state with which a question about the message begins.
  RestrictionState restrictionState() {
    return new RestrictionState(instance, id.orElse(""), declared, givenPaths);
  }

  /// Takes over what the questions before the first recipient have found; does nothing when called
  /// again.
  void include(EarlierFindings earlier) {
    if (!includesEarlier) {
      includesEarlier = true;
      earlier.verdicts().forEach(this::note);
      order(earlier.actions());
    }
  }

  /// Adds actions that restrictions have ordered for the message.
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

  /// The id of the message; absent until a recipient has been accepted.
  Optional<String> id() {
    return id;
  }

  void assignId(String newId) {
    id = Optional.of(newId);
  }

  /// The recipients accepted so far, in order; one that was given twice is there twice.
  List<Address> accepted() {
    return accepted.stream().map(Recipient::address).toList();
  }

  int recipientCount() {
    return accepted.size();
  }

  /// The recipient; absent when there is none, or more than one.
  Optional<Address> onlyRecipient() {
    return accepted.size() == 1 ? Optional.of(accepted.getFirst().address()) : Optional.empty();
  }

  /// Accepts a recipient.
  ///
  /// @param bytes of memory that the recipient takes
  void accept(Recipient recipient, int bytes) {
    room += bytes;
    accepted.add(recipient);
  }

  /// Counts a recipient above the limit.
  ///
  /// @return how many there have been
  int countExcess() {
    return ++excess;
  }

  /// Takes note of a verdict on the client or a recipient: if it is to hold or discard, the whole
  /// message is held or discarded. Discarding is stronger than holding; other verdicts change
  /// nothing.
  void note(Verdict verdict) {
    switch (verdict) {
      case Verdict.Discard(_) -> standing = verdict;
      case Verdict.Hold _ -> standing = standing instanceof Verdict.Discard ? standing : verdict;
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Defer(_),
          Verdict.Reject(_),
          Verdict.Taken(_) -> {}
    }
  }

  /// What is to become of the whole message: a Hold or Discard, or else Undecided.
  Verdict standing() {
    return standing;
  }

  /// The message as it is put to the route: with our `Received:` field (RFC 5321 §4.4), completed
  /// if it is a submission (RFC 6409 §8), and changed as restrictions have ordered. A recipient
  /// given twice with the same parameters is there once. What a content filter gives back has
  /// REQUIRETLS as before.
  ///
  /// @param received the header section as the client sent it
  /// @param arrived when the end of the data was received
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
    boolean secret =
        service == Service.REINJECTION && ReceivedField.requiresTls(received, settings.hostname());
    MailOptions kept = secret ? parameters.withRequireTls() : parameters;
    var envelope = Envelope.of(queueId, sender, recipients, client, kept, arrived);
    return MessageAction.apply(
        actions,
        new Mail(
            envelope, headers.prepend(ReceivedField.of(envelope, settings.hostname())), content));
  }
}
