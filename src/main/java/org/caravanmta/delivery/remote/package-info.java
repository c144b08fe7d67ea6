/// Delivery to other servers: by SMTP to mail exchangers (RFC 5321 §5.1), by LMTP to stores (RFC
/// 2033), to content filters. {@link RemoteAttempt} is one attempt; {@link Destinations} keeps a
/// slow destination from holding up the others.
@NullMarked
package org.caravanmta.delivery.remote;

import org.jspecify.annotations.NullMarked;
