/// Logging in at servers (RFC 4954, RFC 4422).
///
/// *Place:* in the dialogue of `smtp.client`, after its TLS. *Decides:* by which mechanism, and
/// whether the connection is safe enough for it. *When it cannot tell:* mail is deferred.
@NullMarked
package org.caravanmta.sasl.client;

import org.jspecify.annotations.NullMarked;
