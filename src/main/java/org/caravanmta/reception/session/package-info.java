/// One dialogue with a client (RFC 5321 §3), without a socket: commands and content come in,
/// replies and questions to the route go out. Place: between `reception.wire` and the route. Begin
/// at {@link Session}; {@link CommandPhase} has a case for each command, {@link MailPhase} is MAIL,
/// RCPT and DATA.
@NullMarked
package org.caravanmta.reception.session;

import org.jspecify.annotations.NullMarked;
