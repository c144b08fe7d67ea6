/// The shaping table: the operator's limits for destinations, and for servers that many
/// destinations share.
///
/// *Place:* asked by the scheduler and by deliveries by SMTP and LMTP, to content filters too.
/// *Decides:* how many connections, how many messages in a time and on each connection. The servers
/// of one rule `mx:` are a group ({@link org.caravanmta.delivery.shaping.ServerGroup}): all
/// destinations and transports that send to them share its connections and its rate, and a task
/// takes or books a place there. *When it cannot tell:* a table with a mistake is refused at the
/// start. *Limits:* each node has limits of its own; the table is read once; of a destination whose
/// servers nobody has looked up yet the first task finds its group only at work.
@NullMarked
package org.caravanmta.delivery.shaping;

import org.jspecify.annotations.NullMarked;
