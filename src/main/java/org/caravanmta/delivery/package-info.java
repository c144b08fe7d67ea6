/// Delivery: one attempt for each task, and what follows from it.
///
/// *Place:* after routing; a transport's route hands the message to {@link
/// org.caravanmta.delivery.remote.SmtpDelivery} or one of its siblings, and the {@link
/// org.caravanmta.delivery.TaskOutcome} to {@link org.caravanmta.retry.Retry}. *Decides:* which
/// servers are tried, see {@link org.caravanmta.delivery.remote.Tries}, and whether a recipient is
/// delivered, deferred or failed. *When it cannot tell:* deferred; only a 5yz from a server, the
/// DNS's word that there is no such domain, or the operator's `error:` fails a recipient. A next
/// hop that the operator named fails nobody for what the DNS says of it.
///
/// Mail for our own users may be forwarded and become other messages, see {@link
/// org.caravanmta.delivery.local.LocalDelivery}; those are queued in the same commit that settles
/// the message they were made from.
///
/// *Whose rights:* a server that runs as root writes a file or a mailbox, and runs a command, as
/// the user whom it belongs to, see {@link org.caravanmta.delivery.local.DeliveryIdentity} and
/// {@link org.caravanmta.account.Rights}. Mailboxes below the data directory, and those of users
/// whom the machine does not know, belong to the server; but a mailbox that is one file belongs to
/// its user when the machine knows him.
///
/// *Limits:* delivery to a file that may not be written to is tried again, where Postfix returns
/// the message. The only files that take mail without being regular are `/dev/null` and the like;
/// pipes and terminals, which may block, do not. Directories above virtual mailboxes must be
/// writable by root alone, see {@link org.caravanmta.delivery.local.VirtualDelivery}. A Maildir has
/// no size limit. Concurrency to a destination is fixed and does not adapt; suspensions are
/// forgotten at a restart and not shared between nodes. A sender is told once that a message waits,
/// but not when it no longer does (postfix `confirm_delay_cleared`).
@NullMarked
package org.caravanmta.delivery;

import org.jspecify.annotations.NullMarked;
