/// What both sides of TLS share: the versions and ciphers that may be agreed on (RFC 9325), our
/// certificates and keys, the names in a certificate, and what a login may be bound to.
///
/// *Place:* read from the settings and from policy tables, before any handshake. *Decides:* which
/// names the operator may write, and whether a certificate is for a name. *When it cannot tell:*
/// the certificates read before stay in force. *Limits:* TLS 1.2 and 1.3 only.
@NullMarked
package org.caravanmta.tls;

import org.jspecify.annotations.NullMarked;
