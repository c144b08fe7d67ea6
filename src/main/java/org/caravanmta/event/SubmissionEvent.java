package org.caravanmta.event;

import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;

/// What happens to mail that a user of this machine has posted (RFC 6409), in the words of
/// Postfix's pickup and cleanup.
public sealed interface SubmissionEvent extends Event {
  /// A message was found in the maildrop: `uid=`, and cleanup's `message-id=`.
  ///
  /// @param uid the user's, unsigned
  record Posted(Mail mail, int uid) implements SubmissionEvent {}

  /// The operator has had a message made a new one: pickup's `orig_id=`.
  ///
  /// @param mail the new one
  /// @param old the id of the one it was
  record Requeued(Mail mail, String old) implements SubmissionEvent {}

  /// The queues have it. Postfix's pickup does not say so.
  ///
  /// @param recipients of those it was posted for
  record Queued(Mail mail, int recipients) implements SubmissionEvent {}

  /// It is not sent on until the operator releases it: cleanup's `hold`.
  record Held(Mail mail, String why) implements SubmissionEvent {}

  /// It is dropped: cleanup's `discard`.
  record Discarded(Mail mail, String why) implements SubmissionEvent {}

  /// A content filter has taken it over: nothing is queued here.
  ///
  /// @param reply the filter's
  record Taken(Mail mail, Reply reply) implements SubmissionEvent {}

  /// One recipient will not get it: cleanup's `status=bounced`.
  record Bounced(Mail mail, Recipient recipient, Reason reason) implements SubmissionEvent {}

  /// It stays in the maildrop for now; ours alone.
  record Postponed(Mail mail, Reply reply) implements SubmissionEvent {}

  /// Whether a recipient can be delivered to was found out, and nothing sent: `status=deliverable`.
  record Verified(Mail mail, Recipient recipient, Reason reason) implements SubmissionEvent {}

  /// Nobody is told who will not get it, for its reverse path is null (RFC 5321 §4.5.5); ours
  /// alone.
  record Dropped(Mail mail) implements SubmissionEvent {}

  /// Nobody is told who can be delivered to, for its reverse path is null; ours alone.
  record Unreported(Mail mail) implements SubmissionEvent {}
}
