/// The names of clients, as the DNS has them (RFC 1035 §3.5).
///
/// *Place:* asked by reception when a client has connected. *Decides:* nothing; it gives the client
/// its name, which restrictions, the log and the `Received:` field use. *When it cannot tell:* the
/// name is `unknown`, and the reason stays with the client ({@link
/// org.caravanmta.message.Reverse.State}). *Limits:* of several names of an address the first one
/// counts.
@NullMarked
package org.caravanmta.restriction.reverse;

import org.jspecify.annotations.NullMarked;
