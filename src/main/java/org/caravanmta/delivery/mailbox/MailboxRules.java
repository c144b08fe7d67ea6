package org.caravanmta.delivery.mailbox;

/// The rules by which all mailboxes are written in final delivery (RFC 5321 §4.4).
///
/// @param lock the lock of a mailbox that is one file
/// @param largest the most bytes of a mailbox that is one file (postfix `mailbox_size_limit`); 0
///   for any number
/// @param strict whether nothing is written to a mailbox that is one file and belongs to another
///   user than it should (postfix `strict_mailbox_ownership`)
/// @param originals whether a copy has the original recipient in `X-Original-To` (postfix
///   `enable_original_recipient`)
public record MailboxRules(MailboxLock lock, long largest, boolean strict, boolean originals) {}
