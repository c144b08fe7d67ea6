/// The vocabulary of SMTP (RFC 5321), without sockets: replies, and what an attempt to deliver came
/// to. The session is in `reception`, the client in `smtp.client`.
@NullMarked
package org.caravanmta.smtp;

import org.jspecify.annotations.NullMarked;
