/// What outlives a restart and is not mail, in a JDBC database: embedded H2 by default, PostgreSQL
/// for a cluster, the same SQL on both.
///
/// *Place:* below the greylist. *When it cannot tell:* its askers get an exception of their own
/// kind, {@link org.caravanmta.state.StateUnavailable}, after a second at most. *Limits:* a
/// database that is down when Caravan starts is set up when it comes back.
@NullMarked
package org.caravanmta.state;

import org.jspecify.annotations.NullMarked;
