package org.caravanmta.delivery.mailbox;

/// How mailboxes are written, whoever owns them: final delivery (RFC 5321 §4.4).
///
/// @param lock of a mailbox that is one file
/// @param largest bytes that one may have (postfix `mailbox_size_limit`); 0: any number
/// @param strict whether one that is a file of another user's than whose it is to be is not written
///   to (postfix `strict_mailbox_ownership`)
/// @param originals whether a copy says whom the message was first for, in `X-Original-To` (postfix
///   `enable_original_recipient`)
public record MailboxRules(MailboxLock lock, long largest, boolean strict, boolean originals) {}
