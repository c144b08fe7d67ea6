/// How the nodes of a cluster divide the limits that they have in common ({@link
/// org.caravanmta.share.Shares}), so that a destination gets no more from three nodes than from
/// one, whichever of them its mail is on.
///
/// Each limit has one owner, the first of the living nodes in an {@link
/// org.caravanmta.cluster.share.Owners} that its name gives. The others tell the owner what they
/// have at work and what they want, when they want more and five times a second while they want
/// anything; it answers with a part. Nothing that others have is given away before they have said
/// that they no longer use it, so the parts are never more than the limit. Of a wide limit each
/// node has one place without asking: most destinations have one message at a time.
///
/// An owner that does not answer: after two seconds each node goes on with the part that every node
/// would have if all were divided evenly. The owner keeps as much for those it does not hear of. In
/// that moment, and when nodes come and go, a destination may have more than its limit for as long
/// as deliveries go on that have begun.
@NullMarked
package org.caravanmta.cluster.share;

import org.jspecify.annotations.NullMarked;
