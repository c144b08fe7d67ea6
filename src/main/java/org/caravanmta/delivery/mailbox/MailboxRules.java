package org.caravanmta.delivery.mailbox;

/// The rules by which all mailboxes are written in final delivery (RFC 5321 §4.4).
///
/// @param lock the lock of a mailbox that is one file
/// @param own what all mailboxes have in common
/// @param largest the most bytes of a mailbox that is one file (postfix `mailbox_size_limit`); 0
///   for any number
/// @param originals whether a copy has the original recipient in `X-Original-To` (postfix
///   `enable_original_recipient`)
public record MailboxRules(
    MailboxLock lock, MailboxSettings own, long largest, boolean originals) {}
