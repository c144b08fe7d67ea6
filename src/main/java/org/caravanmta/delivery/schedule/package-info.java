/// The scheduling of deliveries to other servers (RFC 5321 §4.5.4.1; postfix `qmgr(8)`,
/// `SCHEDULER_README`): how many tasks a destination gets at a time, and when.
///
/// *Place:* between the queue of a transport and `delivery.remote` or `delivery.endpoint`: the
/// queue's reader asks {@link org.caravanmta.delivery.schedule.Destinations} for a place before it
/// begins a task, and leaves the task in a queue where there is none; the attempt then waits for
/// its turn there ({@link org.caravanmta.delivery.schedule.DestinationTurns}). *Decides:* how wide
/// the window of a destination is ({@link org.caravanmta.delivery.schedule.ConcurrencyWindow}),
/// when it counts as dead, who tries it first when it may be tried again; it says what holds each
/// destination back ({@link org.caravanmta.delivery.schedule.Restraint}), and what one is held to
/// for a time because of what its servers have replied ({@link
/// org.caravanmta.delivery.schedule.Brake}; the rules for that are in `delivery.reply`).
/// Destinations may share servers that have limits of their own, a group of `delivery.shaping`: a
/// task for one of them begins only when it has booked a place there ({@link
/// org.caravanmta.delivery.schedule.Bookings}), and they all wait in one line. *When it cannot
/// tell:* the task waits. *Limits:* windows, turns, suspensions and what rules have brought about
/// are those of this node, and are forgotten at a restart.
@NullMarked
package org.caravanmta.delivery.schedule;

import org.jspecify.annotations.NullMarked;
