/// The client's side of SMTP (RFC 5321) and LMTP (RFC 2033): one connection, the dialogue on it,
/// one transaction for each message, and what each recipient's copy came to.
///
/// *Place:* the last step of delivery. *Decides:* nothing; it says what the server decided, as one
/// {@link org.caravanmta.smtp.Attempt} for each recipient. *When it cannot tell* (silence, a lost
/// connection, a reply that is none): deferred, also when the message was sent whole and only the
/// answer is missing, so that a message may come twice but never not at all.
///
/// *Limits:* blocking, for virtual threads. No TLS and no AUTH yet. For a server that does not
/// offer 8BITMIME, parts that say that they are of eight bits become quoted-printable (RFC 6152
/// §3); bytes of eight bits elsewhere are sent as they are. Only binary content is sent by BDAT.
@NullMarked
package org.caravanmta.smtp.client;

import org.jspecify.annotations.NullMarked;
