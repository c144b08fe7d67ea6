/// Greylisting (RFC 6647): a stranger's first attempt is deferred, and one that comes back is let
/// through; a client that has come back again and again is not asked any more.
///
/// *Place:* asked by reception for a recipient that nothing else has refused, never for our own
/// clients. *Decides:* 450, or nothing. *When it cannot tell:* nothing; a dead database defers
/// nobody. *Limits:* a client is its /24 or /64, and what it has earned goes to its neighbours too;
/// several servers share what they know only through a common database.
@NullMarked
package org.caravanmta.restriction.greylist;

import org.jspecify.annotations.NullMarked;
