/// The operator's rules for each header field (postfix `header_checks(5)`).
///
/// *Place:* asked by reception at the end of data, after rewriting. *Decides:* refuse, drop or hold
/// the message; remove, replace or add fields; send it elsewhere too, or instead. *When it cannot
/// tell:* 451; a pattern that takes too long on a field defers the message and never passes it.
/// *Limits:* the header section at the top only, encoded as it came; one field at a time; what a
/// rule adds is neither rewritten nor checked; FILTER is refused, there are no content filters yet.
@NullMarked
package org.caravanmta.check;

import org.jspecify.annotations.NullMarked;
