/// Destinations and transports that the operator has suspended (postfix `defer_transports`).
///
/// *Place:* before each delivery: whatever takes tasks from a queue `delivery.NAME` asks first, so
/// it holds for every transport, those that operators add included; a task that waits in memory for
/// its turn asks again when its turn has come. *Decides:* which recipients of a task wait. No
/// attempt is begun for them, and none is counted; the reason says who has suspended what and why;
/// the message gets as old as any other, and is returned when it is too old. A flush does not try
/// it, which it does in Postfix. *When it cannot tell:* a list on the disk that cannot be read
/// keeps the server from starting, and stays as it is.
///
/// *Limits:* each node has a list of its own, in its data directory. What a user's `.forward` or an
/// alias gives to a program or a file belongs to the transport `local`.
@NullMarked
package org.caravanmta.suspension;

import org.jspecify.annotations.NullMarked;
