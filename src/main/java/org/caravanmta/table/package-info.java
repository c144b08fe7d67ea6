/// Lookup tables in Postfix's formats (postfix `DATABASE_README`).
///
/// *When it cannot tell:* {@link org.caravanmta.table.Lookup.Unavailable}, which is never "not
/// there".
@NullMarked
package org.caravanmta.table;

import org.jspecify.annotations.NullMarked;
