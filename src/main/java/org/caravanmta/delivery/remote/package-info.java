/// Delivery to other servers: by SMTP to mail exchangers (RFC 5321 §5.1), by LMTP to mail stores
/// (RFC 2033), and to content filters by either.
///
/// *Place:* after routing, in the routes `delivery.smtp`, `delivery.lmtp` and `delivery.filter`;
/// the dialogue with a server is in `smtp.client`, and `retry` decides what follows. *Decides:*
/// when a destination has its turn ({@link Destinations}), which servers a next hop has ({@link
/// Servers}), whether we are one of them ({@link Ourselves}), how many are tried ({@link Tries}),
/// and what is left for the next server ({@link RemoteAttempt}). *When it cannot tell:* deferred,
/// as when the DNS does not answer. *Limits:* the concurrency to a destination does not adapt to
/// what it can take; turns and suspensions are those of this node.
@NullMarked
package org.caravanmta.delivery.remote;

import org.jspecify.annotations.NullMarked;
