/// Access tables: what the operator says about a host, a network or an address (postfix
/// `access(5)`).
///
/// *Place:* asked by the `check_…_access` restrictions; a policy server answers in the same words.
/// *Decides:* nothing; it finds and reads a result. *When it cannot tell:* {@link
/// org.caravanmta.table.Search.Unavailable}, and an unknown result is refused with its line when
/// the table is read.
@NullMarked
package org.caravanmta.restriction.access;

import org.jspecify.annotations.NullMarked;
