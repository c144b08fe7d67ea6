package org.caravanmta.delivery.mailbox;

/// How mailboxes are written, whoever owns them: final delivery (RFC 5321 §4.4).
///
/// @param lock how a mailbox that is one file is locked
/// @param largest how many bytes it may have (postfix `mailbox_size_limit`); 0 for any number
/// @param strict whether a mailbox file that belongs to another user than it should is left alone
///   (postfix `strict_mailbox_ownership`)
/// @param originals whether a copy names the original recipient in `X-Original-To` (postfix
///   `enable_original_recipient`)
public record MailboxRules(MailboxLock lock, long largest, boolean strict, boolean originals) {}
