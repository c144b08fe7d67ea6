/// Content filters that speak SMTP (RFC 5321), before the queue (postfix `smtpd_proxy_filter`,
/// SMTPD_PROXY_README).
///
/// *Place:* a step of the route `reception`, `smtp 127.0.0.1:10025`, and the last one: a filter
/// that takes a message over gives it on itself, usually to the listener `reinjection`, so that
/// nothing is queued by the session it came in. *Decides:* nothing; the filter's reply is the
/// client's. A message has one fate: if the filter refuses the sender or any recipient, or does not
/// offer what the message needs, the message is refused for all. *When it cannot tell:* a filter
/// that cannot be reached, refuses the session, not the message, or gives a reply that does not
/// belong where it comes has given no answer. Nor has one that is lost after the end of the
/// message, which it may have taken: what is sent again may arrive twice, but is not lost.
/// *Limits:* it speaks in the clear, and must take as many recipients as a message has. REQUIRETLS
/// (RFC 8689) is not asked of it, since the message stays with us. What DSN (RFC 3461) asks for is
/// lost if the filter does not offer DSN.
@NullMarked
package org.caravanmta.filter.proxy;

import org.jspecify.annotations.NullMarked;
