/// TLS on the client's side (RFC 3207, RFC 7672, RFC 8314): what a server must prove before it gets
/// mail.
///
/// *Place:* between the socket and the dialogue of `smtp.client`. *Decides:* whether a certificate
/// is good enough for a policy. *When it cannot tell:* a mandatory policy is not met.
@NullMarked
package org.caravanmta.tls.client;

import org.jspecify.annotations.NullMarked;
