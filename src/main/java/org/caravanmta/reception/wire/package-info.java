/// The bytes of a session, in and out (RFC 5321 §2.3.8, §4.5.2): command lines, the end of data,
/// chunks, and the PROXY protocol. Place: under `reception.session`, which reads lines and content by
/// it. Decides where a line, a message or a header ends, and nothing about mail.
@NullMarked
package org.caravanmta.reception.wire;

import org.jspecify.annotations.NullMarked;
