/// Restriction lists (postfix `SMTPD_ACCESS_README`): what is said for and against a client, its
/// HELO, a sender, a recipient and a message. A route is the order; each of its steps is one
/// restriction, named and written as in Postfix.
///
/// *Place:* asked by reception at each RCPT TO, also those about client, HELO and sender, unless
/// these are not to be delayed (postfix `smtpd_delay_reject`); at DATA; and after the end of data.
/// *Decides:* accept, defer, reject, hold, discard, and changes of envelope and header section.
/// Only the relay list, or a destination that is ours, vouches for a recipient; without that the
/// session says `554 5.7.1 Relay access denied`, whatever else a route permits. *When it cannot
/// tell:* a table that cannot be asked is `451 4.3.5`; a DNS that does not answer defers what would
/// else be accepted. *Limits:* addresses are not verified.
@NullMarked
package org.caravanmta.restriction;

import org.jspecify.annotations.NullMarked;
