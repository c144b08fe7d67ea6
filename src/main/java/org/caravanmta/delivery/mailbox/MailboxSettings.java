package org.caravanmta.delivery.mailbox;

import org.caravanmta.config.Flat;
import org.caravanmta.config.Size;

/// The section `mailboxes`: how mailboxes are written, whoever owns them.
public record MailboxSettings(@Flat LockSettings lock, Size sizeLimit, boolean strictOwner) {}
