package org.caravanmta.restriction;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.smtp.Reply;

/// A case as restrictions see it.
///
/// @param state the step of the dialogue: `CONNECT`, `HELO`, `EHLO`, `MAIL`, `RCPT`, `DATA`,
///   `END-OF-MESSAGE`
/// @param recipient absent after RCPT when there are several
/// @param accepted how many recipients have been accepted so far
/// @param size in bytes: declared, or after the end of data counted
record RestrictedCase(
    Client client,
    String state,
    ReversePath sender,
    Optional<Address> recipient,
    int accepted,
    long size,
    RestrictionState restrictionState) {
  static RestrictedCase of(Case.Listed c) {
    return switch (c) {
      case Case.Connection o ->
          new RestrictedCase(
              o.client(),
              o.command(),
              o.sender(),
              Optional.empty(),
              0,
              o.restrictionState().size(),
              o.restrictionState());
      case Case.Rcpt r ->
          new RestrictedCase(
              r.client(),
              "RCPT",
              r.sender(),
              Optional.of(r.recipient()),
              r.accepted(),
              r.restrictionState().size(),
              r.restrictionState());
      case Case.Data d ->
          new RestrictedCase(
              d.client(),
              "DATA",
              d.sender(),
              only(d.recipients()),
              d.accepted(),
              d.restrictionState().size(),
              d.restrictionState());
      case Case.Message m ->
          new RestrictedCase(
              m.client(),
              "END-OF-MESSAGE",
              m.mail().reversePath(),
              only(m.mail().recipients().stream().map(r -> r.address()).toList()),
              m.accepted(),
              m.mail().size(),
              m.restrictionState());
    };
  }

  /// What the list is about.
  ReplySubject subject() {
    return switch (restrictionState.list()) {
      case CLIENT -> client(ReplySubject.CLIENT);
      case HELO -> helo();
      case SENDER -> mailFrom();
      case NONE, RELAY, RECIPIENT ->
          recipient
              .map(RestrictedCase::rcptTo)
              .orElseGet(() -> new ReplySubject(ReplySubject.RECIPIENT, ""));
      case DATA -> new ReplySubject(ReplySubject.DATA, "DATA");
      case END_OF_DATA -> new ReplySubject(ReplySubject.END_OF_DATA, "END-OF-MESSAGE");
    };
  }

  /// @param kind {@link ReplySubject#CLIENT}, {@link ReplySubject#UNVERIFIED} or {@link
  ///   ReplySubject#LOGIN}
  ReplySubject client(String kind) {
    return new ReplySubject(kind, client.toString());
  }

  ReplySubject helo() {
    return new ReplySubject(ReplySubject.HELO, client.helo());
  }

  ReplySubject mailFrom() {
    return new ReplySubject(ReplySubject.SENDER, sender.toString());
  }

  static ReplySubject rcptTo(Address recipient) {
    return new ReplySubject(ReplySubject.RECIPIENT, recipient.toString());
  }

  Optional<Address> from() {
    return switch (sender) {
      case ReversePath.Null _ -> Optional.empty();
      case ReversePath.Mailbox(Address address) -> Optional.of(address);
    };
  }

  /// A reply about what the list is about.
  Reply reply(int code, String status, String text) {
    return subject().reply(code, status, text);
  }

  private static Optional<Address> only(List<Address> recipients) {
    return recipients.size() == 1 ? Optional.of(recipients.getFirst()) : Optional.empty();
  }
}
