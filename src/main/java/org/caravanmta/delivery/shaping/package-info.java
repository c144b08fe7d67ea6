/// The shaping table: the operator's limits for destinations, and for servers that many
/// destinations share.
///
/// *Place:* asked by the scheduler and by deliveries by SMTP and LMTP. *Decides:* how many
/// connections, how many messages in a time and on each connection; counts the connections that
/// many destinations share. *When it cannot tell:* a table with a mistake is refused at the start.
/// *Limits:* each node has limits of its own; the table is read once.
@NullMarked
package org.caravanmta.delivery.shaping;

import org.jspecify.annotations.NullMarked;
