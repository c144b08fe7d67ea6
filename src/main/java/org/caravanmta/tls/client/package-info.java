/// TLS on the client's side (RFC 3207, RFC 7672, RFC 8314): what a server must prove before it gets
/// mail.
///
/// *Place:* between the socket and the dialogue of `smtp.client`. *Decides:* what a row of a policy
/// table means ({@link org.caravanmta.tls.client.TlsPolicies}), and after the handshake whether a
/// certificate is good enough ({@link org.caravanmta.tls.client.TlsClient#judge}). *When it cannot
/// tell:* a mandatory policy is not met. *Limits:* revocation is not looked up, and bare public
/// keys (RFC 7250) are not shown.
@NullMarked
package org.caravanmta.tls.client;

import org.jspecify.annotations.NullMarked;
