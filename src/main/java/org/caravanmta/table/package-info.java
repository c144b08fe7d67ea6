/// Lookup tables in Postfix's formats (postfix `DATABASE_README`), read from their source files.
///
/// | written | holds |
/// |---|---|
/// | `texthash:FILE`, `hash:FILE` | lines of `key value`; keys are folded to lower case |
/// | `regexp:FILE`, `pcre:FILE` | lines of `/pattern/flags value`, tried from the top |
/// | `cidr:FILE` | lines of `network value`, tried from the top |
/// | `inline:{key=value, { key = value }}` | as `texthash`, in the setting itself |
/// | `static:VALUE` | the same value for every key |
///
/// *Place:* {@link org.caravanmta.table.Tables} opens one; several make a {@link
/// org.caravanmta.table.SearchPath}; {@link org.caravanmta.table.AddressSearch} asks it about an
/// address in all its forms. *Decides:* nothing; it answers. *When it cannot tell:* {@link
/// org.caravanmta.table.Lookup.Unavailable}, which is never "not there". *Limits:* a changed file
/// is seen within about two seconds of the next lookup, once it has stood still for one; a broken
/// or vanished file leaves the version before it in force, and one line in the log. Regular
/// expressions run on a linear engine where it knows their syntax; back-references and look-around
/// run on a backtracking one with a bound on its steps.
@NullMarked
package org.caravanmta.table;

import org.jspecify.annotations.NullMarked;
