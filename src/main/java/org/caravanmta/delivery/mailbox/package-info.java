/// Mailboxes on the disk (RFC 4155 and Maildir), their locks, owners and paths, and a message in
/// the form it has in them (RFC 5321 §4.4).
@NullMarked
package org.caravanmta.delivery.mailbox;

import org.jspecify.annotations.NullMarked;
