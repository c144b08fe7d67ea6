/// Delivery: one attempt for each task, and what follows from it.
///
/// *Place:* behind routing; a transport's route hands the message to {@link
/// org.caravanmta.delivery.SmtpDelivery} or one of its siblings, and the {@link
/// org.caravanmta.delivery.Outcome} to {@link org.caravanmta.delivery.Retry}. *Decides:* which
/// server is tried, and whether a recipient is delivered, deferred or failed. *When it cannot
/// tell:* deferred; only a 5yz from a server, the DNS's word that there is no such domain, or the
/// operator's `error:` fails a recipient. A next hop that the operator named fails nobody for what
/// the DNS says of it.
///
/// Mail for our own users may become other mail on its way, see {@link
/// org.caravanmta.delivery.LocalDelivery}; what goes onward leaves in one commit with the end of
/// what it came of.
///
/// *Limits:* a server that runs as root writes no files for aliases, and mailboxes that are files
/// only into directories of root's; it gives them to their users, but not the Maildirs of our own
/// users: a command of the user's own ({@link org.caravanmta.delivery.Programs}) can write those.
/// What is above virtual mailboxes must be writable for root alone, see {@link
/// org.caravanmta.delivery.VirtualDelivery}. A Maildir has no limit of size. Concurrency to a
/// destination is fixed, not felt for; suspensions are forgotten at a restart and not shared
/// between nodes. A sender is told once that a message waits, not that it waits no longer (postfix
/// `confirm_delay_cleared`).
@NullMarked
package org.caravanmta.delivery;

import org.jspecify.annotations.NullMarked;
