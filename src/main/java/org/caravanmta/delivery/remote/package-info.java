/// Delivery to other servers: by SMTP to mail exchangers (RFC 5321 §5.1), by LMTP to mail stores
/// (RFC 2033), and to content filters by either.
///
/// *Place:* after routing, in the routes `delivery.smtp`, `delivery.lmtp` and `delivery.filter`;
/// the dialogue with a server is in `smtp.client`, and `retry` decides what follows. *Decides:*
/// which servers a next hop has ({@link Servers}), whether we are one of them ({@link Ourselves}),
/// how many are tried ({@link Tries}), what each must prove before it gets mail ({@link
/// ServerApproaches}), as whom we log in ({@link RemoteLogins}), in what order they are offered the
/// message ({@link RemoteAttempt}), which recipients are left for the next ({@link
/// AttemptResults}), and what the operator's rules make of a refusal ({@link Hearing}). *When it
/// cannot tell:* deferred, as when the DNS does not answer. When a destination has its turn, {@code
/// delivery.schedule} says.
@NullMarked
package org.caravanmta.delivery.remote;

import org.jspecify.annotations.NullMarked;
