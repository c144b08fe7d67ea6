/// Mailboxes on the disk: Maildirs and mbox files (RFC 4155), their locks, owners and paths, and
/// the form that a message has in them (RFC 5321 §4.4).
///
/// *Place:* at the end of final delivery, below `delivery.local`; nothing here knows aliases or
/// tables. *Decides:* where a mailbox is ({@link MailboxPath}), when it may be written to ({@link
/// MailboxLock}), and whether it is a file that mail may be written into ({@link Mbox}). *When it
/// cannot tell:* an {@link java.io.IOException}, which defers the message; only a full mailbox, a
/// file that is not fit for mail and binary content fail it. *Limits:* needs a POSIX file system
/// and Linux's `/proc`; a Maildir has no size limit and no quota of its own.
@NullMarked
package org.caravanmta.delivery.mailbox;

import org.jspecify.annotations.NullMarked;
