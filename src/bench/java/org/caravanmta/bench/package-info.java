/// The relay benchmark: the same mail through a peer and through Caravan, in turn, in one run.
///
/// Place: beside the program; compiled with the tests, no part of the installation, needs only the
/// JDK. Decides: nothing; it measures. Its client and its next hop are one thread each, and what
/// they cost is measured and said too. When it cannot tell: a message that did not arrive in time,
/// or came twice, is counted in the table. Limits: Linux, whose `/proc` says what processes use;
/// one machine, so that client, server and next hop share its processors.
@NullMarked
package org.caravanmta.bench;

import org.jspecify.annotations.NullMarked;
