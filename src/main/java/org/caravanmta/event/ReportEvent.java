package org.caravanmta.event;

import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;

/// Who is told what became of mail (RFC 3464), in the words of Postfix's bounce.
public sealed interface ReportEvent extends Event {
  /// A report to the sender is on its way: bounce's `sender non-delivery notification`, and
  /// cleanup's `message-id=`.
  ///
  /// @param id the report's
  /// @param messageId the report's, with its brackets
  record Reported(Notice notice, String id, String messageId, Address sender)
      implements ReportEvent {}

  /// A notice to the postmaster is on its way (postfix `notify_classes`); ours alone.
  ///
  /// @param id the notice's
  /// @param about the message of which it tells
  record PostmasterTold(String id, Mail about, Address postmaster) implements ReportEvent {}

  /// Nobody is told, for the reverse path is null (RFC 5321 §4.5.5); ours alone.
  record Unreported(Mail mail) implements ReportEvent {}

  /// A notice to the postmaster cannot be delivered, and nobody is left to tell: `undeliverable
  /// postmaster notification discarded`.
  record Undeliverable(Mail mail) implements ReportEvent {}
}
