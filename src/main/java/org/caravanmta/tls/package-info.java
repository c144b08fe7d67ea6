/// What both sides of TLS share: the versions and ciphers that may be agreed on (RFC 9325).
///
/// *Place:* read from the settings and from policy tables, before any handshake. *Decides:* which
/// names the operator may write. *Limits:* TLS 1.2 and 1.3 only.
@NullMarked
package org.caravanmta.tls;

import org.jspecify.annotations.NullMarked;
