/// How much clients may have of the server (RFC 5321 §4.5.3, §4.5.4.2): sessions, rates, memory and
/// time, each client for itself and all together.
///
/// *Place:* below everything else of reception; it counts and answers, while the reply and the log
/// line are for the caller. *Decides:* whether there is room for a session ({@link Sessions}),
/// whether a client has had its share ({@link Usage}), whether bytes may be held ({@link
/// MemoryBudget}, through the {@link Holding} of each session), when a client has taken too long
/// ({@link Watch}), and which session ends when others need memory ({@link Weight}). *When it
/// cannot tell:* what is not counted is allowed. *Limits:* bytes are estimates; rates are those of
/// this server alone, of no more clients than {@link Usage} watches, and forgotten when it ends.
@NullMarked
package org.caravanmta.reception.limits;

import org.jspecify.annotations.NullMarked;
