package org.caravanmta.delivery.mailbox;

import org.caravanmta.config.Flat;
import org.caravanmta.config.Size;

/// The section `mailboxes`: how all mailboxes are written.
///
/// @param lock how a mailbox that is one file is locked
/// @param sizeLimit the most bytes of a mailbox of our own users that is one file; 0 for any number
///   (postfix `mailbox_size_limit`)
/// @param strictOwner whether mail waits while such a mailbox belongs to another user (postfix
///   `strict_mailbox_ownership`)
public record MailboxSettings(@Flat LockSettings lock, Size sizeLimit, boolean strictOwner) {}
