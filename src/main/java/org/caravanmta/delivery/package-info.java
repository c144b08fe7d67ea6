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
/// Mail for our own users may become other mail on its way, see {@link
/// org.caravanmta.delivery.local.LocalDelivery}; what goes onward leaves in one commit with the end
/// of what it came of.
///
/// *Whose rights:* a server that runs as root is the user whom a file, a command or a mailbox
/// belongs to while it writes or runs it, see {@link
/// org.caravanmta.delivery.local.DeliveryIdentity} and {@link org.caravanmta.account.Rights}.
/// Mailboxes below the data directory, and those of users whom the machine does not know, stay the
/// server's; but one that is a file, of a user whom it knows, becomes his.
///
/// *Limits:* a file that may not be written to is tried again, where Postfix returns the message.
/// Of what is not a regular file, only `/dev/null` and the like take mail; pipes and terminals,
/// which may be waited for, do not. What is above virtual mailboxes must be writable for root
/// alone, see {@link org.caravanmta.delivery.local.VirtualDelivery}. A Maildir has no limit of
/// size. Concurrency to a destination is fixed, not felt for; suspensions are forgotten at a
/// restart and not shared between nodes. A sender is told once that a message waits, not that it
/// waits no longer (postfix `confirm_delay_cleared`).
@NullMarked
package org.caravanmta.delivery;

import org.jspecify.annotations.NullMarked;
