package org.caravanmta.reception.session;

import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.QueueIds;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.smtp.Reply;

/// What all listeners share.
///
/// @param intermediaries who may say that it speaks for another client
/// @param roomLeft whether the disk has room for another message; if not, MAIL is answered 452.
///   Asked on an event loop: it must not wait
/// @param faults the 4yz reply for a question that broke on its way: 452 when the queues are full,
///   else 451
/// @param atData whether the route wants to be asked at DATA
/// @param queueRun what ETRN asks for
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
    QueueRun queueRun) {}
