/// The client's side of SMTP (RFC 5321) and LMTP (RFC 2033): one connection, the dialogue on it,
/// one transaction for each message, and what each recipient's copy came to.
///
/// *Place:* the last step of delivery. *Decides:* nothing; it says what the server decided, as one
/// {@link org.caravanmta.smtp.Attempt} for each recipient. *When it cannot tell* (silence, a lost
/// connection): deferred, also when the message was sent whole and only the answer is missing, so
/// that a message may come twice, but is never lost.
///
/// *Replies* are read as postfix `smtp(8)` reads them, see {@link
/// org.caravanmta.smtp.client.ReplyReader}: the line that ends a reply decides, what has no code is
/// not part of one, what is too long is cut. Postfix gives a connection up when a line without a
/// code comes where several replies are awaited; here the replies are counted, and only where one
/// is missing in the end nobody is taken for delivered by those after that line. A server that
/// refuses in the middle of the message and stops reading has its last words heard.
///
/// *Limits:* blocking, for virtual threads. No TLS and no AUTH yet. For a server that does not
/// offer 8BITMIME, parts that say that they are of eight bits become quoted-printable (RFC 6152
/// §3); bytes of eight bits elsewhere are sent as they are. Only binary content is sent by BDAT.
@NullMarked
package org.caravanmta.smtp.client;

import org.jspecify.annotations.NullMarked;
