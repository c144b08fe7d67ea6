package org.caravanmta.reception.session;

import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.QueueIds;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.smtp.Reply;

/// What the sessions of all listeners share (RFC 5321 §3.1).
///
/// @param settings what the sessions go by
/// @param sessions all sessions of the server, and their limits
/// @param intermediaries the hosts that may speak for other clients
/// @param store where large bodies are kept
/// @param ids gives each message its id
/// @param roomLeft whether the disk has room for another message; if not, the reply to MAIL is 452.
///   Asked on an event loop: it must not wait
/// @param faults the 4yz reply to a question that failed with this throwable: 452 when the queues
///   are full, else 451
/// @param atData whether the route wants to be asked at DATA
/// @param followed whether a content filter wants to be told of each step of the dialogue
/// @param queueRun what ETRN asks for (RFC 1985)
public record Reception(
    SessionTerms settings,
    Sessions sessions,
    Intermediaries intermediaries,
    ContentStore store,
    QueueIds ids,
    InstantSource clock,
    BooleanSupplier roomLeft,
    Function<Throwable, Reply> faults,
    BooleanSupplier atData,
    BooleanSupplier followed,
    QueueRun queueRun) {}
