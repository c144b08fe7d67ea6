/// Content filters: programs that look into a message between its acceptance and its delivery
/// (postfix `FILTER_README`, after-queue filters).
///
/// *Place:* the filter is chosen while the client still owns the message, and travels with it;
/// routing sends all of it to `delivery.filter` before anything else, and the filter gives it back
/// at the listener `reinjection`, where it is neither rewritten nor checked nor filtered again.
/// REQUIRETLS (RFC 8689) is kept by a comment in our `Received:` field, which filters leave.
/// *Decides:* which filter; the last FILTER of a table counts, and takes precedence over the
/// operator's usual one, and REDIRECT over both. *When it cannot tell:* while a filter is down the
/// message waits: none is delivered unseen. *Limits:* reports and what our own users forward go
/// through no filter; a filter before the queue is a step of the route `reception`.
@NullMarked
package org.caravanmta.filter;

import org.jspecify.annotations.NullMarked;
