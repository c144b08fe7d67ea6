/// Limits that the nodes of a cluster have in common: how many deliveries a destination has at a
/// time from all of them, and how often one begins. Whoever has such a limit joins it at {@link
/// org.caravanmta.share.Shares}, and keeps to the {@link org.caravanmta.share.Portion} of it that
/// is this node's now. A server that is alone has the whole of each.
@NullMarked
package org.caravanmta.share;

import org.jspecify.annotations.NullMarked;
