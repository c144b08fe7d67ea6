/// The little of HTTP (RFC 9110) that Caravan serves: pages at an address of its own.
///
/// *Place:* beside the mail: figures for monitoring, links of the quarantine's digests. *Decides:*
/// nothing; {@link org.caravanmta.web.WebServer} takes requests and gives the answers of a {@link
/// org.caravanmta.web.WebPages}. *Limits:* one request on a connection, small ones, a few at a
/// time; no TLS, which a reverse proxy does.
@NullMarked
package org.caravanmta.web;

import org.jspecify.annotations.NullMarked;
