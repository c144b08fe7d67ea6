/// DNS lists that refuse clients by their address (RFC 5782; postfix `reject_rbl_client`).
///
/// *Place:* asked by reception when a client that is not ours has connected. *Decides:* 554, or
/// nothing. *When it cannot tell:* nothing; a list that does not answer refuses nobody, and one
/// that might have spoken for the client counts as if it had. *Limits:* the stage asks lists of
/// addresses only; lists of domains are asked by restrictions.
@NullMarked
package org.caravanmta.restriction.dnsbl;

import org.jspecify.annotations.NullMarked;
