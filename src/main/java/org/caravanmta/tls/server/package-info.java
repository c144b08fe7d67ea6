/// TLS at reception (RFC 3207, RFC 8314): who we say we are, and who the client shows itself to be.
///
/// *Place:* under the SMTP session, between the socket and its lines. *Decides:* which of our
/// certificates a client is shown (by the name it asks for, RFC 6066 §3), which protocols and
/// ciphers are spoken, and whether a client's own certificate is vouched for. *When it cannot
/// tell:* files that can no longer be read leave the certificates before them in force; a client
/// certificate whose chain cannot be followed is one that nobody vouches for, and the session goes
/// on. *Limits:* TLS 1.2 and 1.3 only, of which the operator may exclude some; keys without a
/// passphrase; client certificates are not looked up in revocation lists; no OCSP stapling.
@NullMarked
package org.caravanmta.tls.server;

import org.jspecify.annotations.NullMarked;
