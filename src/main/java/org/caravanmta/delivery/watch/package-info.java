/// The attempts at delivery that are being made: which there are, how far they have come, and an
/// end to those that hang.
///
/// *Place:* around the deliveries of `delivery.remote`, `delivery.program`, `delivery.endpoint` and
/// `delivery.local`, which mark their steps in a {@code headway.Headway}. *Decides:* that an
/// attempt without progress is ended ({@link Watchdog}), and that a recipient whose attempt has
/// been ended, by the watchdog or by the operator, is deferred: no recipient fails by it, and what
/// the attempt had come to for other recipients by then stands ({@link WatchedDelivery}). *When it
/// cannot tell:* an attempt that is cut after the content was sent whole may have delivered it, as
/// when a connection is lost there; the recipient is deferred. *Limits:* the outcome is that of the
/// thread that makes the attempt, and the message stays with it until it has one: what holds the
/// thread in the system, such as a file of a dead NFS server, cannot be cut. Attempts are known to
/// the process that makes them, and their numbers begin anew when it starts.
@NullMarked
package org.caravanmta.delivery.watch;

import org.jspecify.annotations.NullMarked;
