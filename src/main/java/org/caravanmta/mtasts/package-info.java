/// MTA-STS (RFC 8461): what TLS a domain asks of those who send mail to it, published by its web
/// server and remembered here.
///
/// *Place:* asked by delivery before it calls a domain's mail exchangers. *Decides:* whether a
/// domain has a policy, and which. *When it cannot tell* (the DNS or the web server does not
/// answer, the policy makes no sense): the policy that was read before holds until it expires;
/// without one there is none. What has expired is removed each hour. *Limits:* no policy is longer
/// than 64 KiB; a web server is asked again about the same version after five minutes at the
/// earliest.
@NullMarked
package org.caravanmta.mtasts;

import org.jspecify.annotations.NullMarked;
