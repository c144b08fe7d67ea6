/// Delivery: one attempt for each task (RFC 5321 §4.5.4.1), that is, for one message and those of
/// its recipients that have the same transport and next hop.
///
/// *Place:* after routing; a transport's route hands the message to {@link
/// org.caravanmta.delivery.remote.SmtpDelivery} or one of its siblings, and the {@link
/// org.caravanmta.delivery.TaskOutcome} to {@link org.caravanmta.retry.Retry}. *Decides:* which
/// servers are tried, see {@link org.caravanmta.delivery.remote.Tries}, and whether a recipient is
/// delivered, deferred or failed. *When it cannot tell:* deferred. A recipient fails only by a 5yz
/// of a server, by what the DNS says (no such domain, or one that takes no mail, RFC 7505), by the
/// exit status of a program, because a user does not exist or a mailbox is full, because mail goes
/// in a loop, or by the operator's `error:`. If the operator has named the next hop, what the DNS
/// says of it fails nobody.
///
/// Mail for our own users may be forwarded and become other messages, see {@link
/// org.caravanmta.delivery.local.LocalDelivery}; these are queued in the same commit that settles
/// the message they were made from.
///
/// *Whose rights:* a server that runs as root writes files and mailboxes, and runs commands, as the
/// user they belong to, see {@link org.caravanmta.delivery.local.DeliveryIdentity} and {@link
/// org.caravanmta.account.Rights}. Maildirs below the data directory, and the mailboxes of users
/// whom the machine does not know, belong to the server; a mailbox that is one file belongs to its
/// user, if the machine knows the user.
///
/// *Limits:* when a file may not be written to, delivery is tried again, where Postfix returns the
/// message. Of files that are not regular ones, only `/dev/null` and other memory devices take
/// mail; pipes and terminals could block. The directories above virtual mailboxes must be writable
/// by root alone, see {@link org.caravanmta.delivery.local.VirtualDelivery}. A Maildir has no size
/// limit. Windows and suspensions are forgotten at a restart and not shared between nodes. A sender
/// is told once that a message waits, but not when it no longer does (postfix
/// `confirm_delay_cleared`).
@NullMarked
package org.caravanmta.delivery;

import org.jspecify.annotations.NullMarked;
