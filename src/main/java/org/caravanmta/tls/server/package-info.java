/// TLS on the server's side (RFC 3207, RFC 8314): how we prove our name to a client, and what a
/// client's certificate tells us.
///
/// *Place:* beneath the SMTP session, between the socket and its lines. *Decides:* which of our
/// certificates a client is shown (by the name it asks for, RFC 6066 §3), which versions and
/// ciphers are spoken, and whether a client's certificate is trusted. *When it cannot tell:* if the
/// files of our certificates become unreadable, the certificates read before stay in force; a
/// client certificate whose chain does not lead to a trusted authority is not trusted, and the
/// session goes on. *Limits:* TLS 1.2 and 1.3 only, of which the operator may exclude one; private
/// keys without a passphrase; no revocation lists for client certificates; no OCSP stapling.
@NullMarked
package org.caravanmta.tls.server;

import org.jspecify.annotations.NullMarked;
