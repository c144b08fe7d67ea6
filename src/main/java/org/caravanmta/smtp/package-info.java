/// The vocabulary of SMTP (RFC 5321): command lines as commands, replies, and the outcome of an
/// attempt to deliver. The session of the server is in `reception`, the client in `smtp.client`.
///
/// *Place:* used by whoever speaks SMTP. *Decides:* what a client's line means; a line that is not
/// a command that we obey becomes one that holds the reply to it. *When it cannot tell:* it reads a
/// line as Postfix does. *Limits:* no sockets, no state of a session.
@NullMarked
package org.caravanmta.smtp;

import org.jspecify.annotations.NullMarked;
