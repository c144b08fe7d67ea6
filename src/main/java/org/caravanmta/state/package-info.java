/// What outlives a restart and is not mail, in a JDBC database: embedded H2 by default, PostgreSQL
/// for a cluster, the same SQL on both.
///
/// *Place:* below the greylist, the quarantine and the blocked senders. The nodes of a cluster
/// share one: rows are changed by single statements or in the order of their keys, and what may
/// happen at several nodes at once is decided by the database. *When it cannot tell:* its askers
/// get an exception of their own kind, {@link org.caravanmta.state.StateUnavailable}: after a
/// second if there is no connection, after three if one hangs. *Limits:* a database that is down
/// when Caravan starts is set up when it comes back. Times are those of the nodes' clocks: where
/// they differ, a greylisted client waits that much longer or shorter.
@NullMarked
package org.caravanmta.state;

import org.jspecify.annotations.NullMarked;
