/// The client's side of SMTP (RFC 5321) and LMTP (RFC 2033): one connection, the dialogue on it,
/// one transaction for each message, and the outcome for each recipient.
///
/// *Place:* the last step of delivery. *Decides:* nothing; it reports what the server decided, as
/// one {@link org.caravanmta.smtp.Attempt} for each recipient. *When it cannot tell* (silence, a
/// lost connection): deferred, even if the message was sent whole and only the reply is missing, so
/// that a message may arrive twice but is never lost.
///
/// *Replies* are read as postfix `smtp(8)` reads them, see {@link
/// org.caravanmta.smtp.client.ReplyReader}: the line that ends a reply decides, a line without a
/// code is not part of a reply, and what is too long is cut. If a line without a code comes while
/// several replies are expected, Postfix gives the connection up; here reading goes on, and if a
/// reply is missing in the end, no recipient counts as delivered because of a reply after that
/// line. If a server refuses in the middle of the message and stops reading, what it has said is
/// still read.
///
/// *TLS* is begun as the {@link org.caravanmta.smtp.client.Approach} wants, and what a certificate
/// is worth is decided in `tls.client`. After a handshake that has failed a connection is given up;
/// whether the server is called again in the clear is for the caller to decide.
///
/// *Limits:* it blocks, and is meant for virtual threads. A login has no security layer (RFC 4422
/// §3.7). For a server that does not offer 8BITMIME, parts that are declared to have eight-bit
/// content become quoted-printable (RFC 6152 §3); other eight-bit bytes are sent as they are. Only
/// binary content is sent by BDAT.
@NullMarked
package org.caravanmta.smtp.client;

import org.jspecify.annotations.NullMarked;
