/// Greylisting (RFC 6647): a stranger's first attempt is deferred, and one that comes back is let
/// through.
///
/// *Place:* asked by reception for a recipient that nothing else has refused, never for our own
/// clients. *Decides:* 450, or nothing. *When it cannot tell:* nothing; a dead database defers
/// nobody. *Limits:* a sender whose address changes with every message (VERP) is unknown every
/// time; several servers share what they know only through a common database.
@NullMarked
package org.caravanmta.policy.greylist;

import org.jspecify.annotations.NullMarked;
