/// Senders that somebody wants no mail from.
///
/// *Place:* asked by reception at RCPT TO, after the tables of recipients and before the greylist.
/// *Decides:* {@link org.caravanmta.restriction.blocked.BlockedSenders} refuses the recipient with
/// `550 5.7.1`. *When it cannot tell:* the list is in memory; what it is read from again each
/// minute may be away, and the list stays as it was, empty after a start. Nobody is refused for it.
///
/// *Limits:* the reverse path counts, not the field From; the recipient is the one that the client
/// names, before aliases. Clients in our own networks and users who have logged in are not asked.
@NullMarked
package org.caravanmta.restriction.blocked;

import org.jspecify.annotations.NullMarked;
