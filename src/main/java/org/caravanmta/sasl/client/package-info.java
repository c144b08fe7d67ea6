/// Logging in at servers (RFC 4954, RFC 4422): the client's side of PLAIN, LOGIN, CRAM-MD5, SCRAM
/// (RFC 5802) and bearer tokens (RFC 7628).
///
/// *Place:* in the dialogue of `smtp.client`, after its TLS. *Decides:* by which mechanism, whether
/// the connection is safe enough for it, and whether it was refused a moment ago. *When it cannot
/// tell:* mail is deferred. A server that says that we are logged in before it has proved what the
/// mechanism asks of it gets no mail.
///
/// *Limits:* there is no security layer (RFC 4422 §3.7), no EXTERNAL and no GSSAPI. What was
/// refused is remembered on this node, until it stops.
@NullMarked
package org.caravanmta.sasl.client;

import org.jspecify.annotations.NullMarked;
