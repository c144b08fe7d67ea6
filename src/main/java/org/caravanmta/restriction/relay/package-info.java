/// Who we accept mail for: the relay list and the tables of recipients (RFC 5321 §3.6.2, §7.9).
///
/// *Place:* asked by reception at RCPT TO: the restriction `rejectUnauthDestination`, and after all
/// restrictions the tables. *Decides:* {@link org.caravanmta.restriction.relay.Relay} vouches for a
/// recipient, without which the session says `554 5.7.1 Relay access denied`; {@link
/// KnownRecipients} refuses those who do not exist, or whose mail routing would fail. *When it
/// cannot tell:* 451 for the recipient; a table that cannot be asked never makes a user unknown.
/// *Limits:* senders are looked up for `rejectUnlistedSender` only.
@NullMarked
package org.caravanmta.restriction.relay;

import org.jspecify.annotations.NullMarked;
