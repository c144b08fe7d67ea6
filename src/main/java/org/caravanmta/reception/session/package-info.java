/// One dialogue with a client (RFC 5321 §3), without a socket: commands and content come in,
/// replies and questions to the route go out. Place: between `reception.wire` and the route. Begin
/// at {@link Session}; {@link CommandPhase} has a case for each command, and a phase carries it out
/// that reads and changes the {@link SessionState}; every reply leaves by the {@link ReplyWriter}.
@NullMarked
package org.caravanmta.reception.session;

import org.jspecify.annotations.NullMarked;
