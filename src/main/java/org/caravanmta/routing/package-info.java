/// Routing: which transport takes each recipient's mail, and where to.
///
/// *Place:* the first stage after the 250, and again after each wait in a lane. *Decides:* the
/// {@link org.caravanmta.message.Destination} by the class of the recipient's domain, the sender,
/// the operator's transport table (postfix `transport(5)`) and who has moved (postfix
/// `relocated(5)`), and splits the message into one task for each. *When it cannot tell* (a table
/// that cannot be asked, a transport that does not exist): those recipients are deferred, the
/// others go on.
///
/// *Limits:* the `*` key is looked up like any other, each time.
@NullMarked
package org.caravanmta.routing;

import org.jspecify.annotations.NullMarked;
