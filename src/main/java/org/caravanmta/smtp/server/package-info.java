/// Reception: the server's side of SMTP (RFC 5321) and of message submission (RFC 6409).
///
/// *Place:* the first stage; the message is the client's until the 250 behind its data. *Decides:*
/// what is SMTP, sizes and limits, and the reply to every command; whether client, recipient and
/// message are welcome it asks the route, one question at a time, and reads no further command
/// before it has the verdict. *When it cannot tell:* 451. *Limits:* no TLS, AUTH, BDAT, SMTPUTF8 or
/// DSN parameters.
///
/// {@link org.caravanmta.smtp.server.Listener} is where Camel begins and ends, {@link
/// org.caravanmta.smtp.server.SessionHandler} where the socket does; behind them everything is
/// plain code that a test drives without either.
@NullMarked
package org.caravanmta.smtp.server;

import org.jspecify.annotations.NullMarked;
