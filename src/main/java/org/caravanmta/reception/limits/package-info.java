/// How much clients may have of the server (RFC 5321 §4.5.3, §4.5.4.2): sessions, rates, memory and
/// time, of each client and of all together.
///
/// *Place:* under everything else of reception; it counts, and answers with values: whoever asks
/// knows the reply and the log line. *Decides:* whether there is room for a session ({@link
/// Sessions}), whether a client has had its share ({@link Usage}), whether bytes may be held
/// ({@link MemoryBudget}, by a {@link Holding} of each session), when a client has taken too long
/// ({@link Watch}), and who is ended for the memory of others ({@link Weight}). *When it cannot
/// tell:* what is not counted is allowed. *Limits:* bytes are estimates; rates are this server's
/// own, of no more clients than {@link Usage} watches, and forgotten when it ends.
@NullMarked
package org.caravanmta.reception.limits;

import org.jspecify.annotations.NullMarked;
