/// Lookup tables in Postfix's formats (postfix `DATABASE_README`), read from their source files.
///
/// | written | holds |
/// |---|---|
/// | `texthash:FILE`, `hash:FILE` | lines of `key value`; keys are folded to lower case |
/// | `regexp:FILE`, `pcre:FILE` | lines of `/pattern/flags value`, tried from the top |
/// | `cidr:FILE` | lines of `network value`, tried from the top |
/// | `inline:{key=value, { key = value }}` | as `texthash`, in the setting itself |
/// | `static:VALUE` | the same value for every key |
/// | `unionmap:{table, table}` | the values of all of them |
/// | `pipemap:{table, table}` | what the second has for the value of the first |
/// | `randmap:{value, value}` | one of the values, for every key |
/// | `fail:NAME` | nothing: it cannot be asked |
/// | `unix:passwd.byname`, `unix:group.byname` | the users, or the groups, of this machine |
/// | `jdbc:FILE` | what a query in `FILE` finds in a database |
/// | `ldap:FILE` | what a search in `FILE` finds in a directory (RFC 4511) |
/// | `socketmap:inet:HOST:PORT:NAME`, `socketmap:unix:PATH:NAME`, `tcp:HOST:PORT` | what a program answers |
///
/// *Place:* {@link org.caravanmta.table.Tables} opens one; several make a {@link
/// org.caravanmta.table.SearchPath}; {@link org.caravanmta.table.AddressSearch} asks it about an
/// address in all its forms. *Decides:* nothing; it answers. *When it cannot tell:* {@link
/// org.caravanmta.table.Lookup.Unavailable}, which is never taken for "absent". *Limits:* lookups
/// see a changed file after about two seconds, once it has been unchanged for one; when a file
/// breaks or vanishes, the previous version stays in force, with one line in the log. Regular
/// expressions run on a linear engine if it knows their syntax; those with back-references or
/// look-around run on a backtracking engine with a bound on its steps. Patterns match bytes, as in
/// Postfix, or characters if they say so, see {@link org.caravanmta.table.PatternWording}. An
/// answer of another program is remembered for five seconds, a failure to answer for one; each
/// question has ten seconds. The files of `jdbc` and `ldap` are read once, at the start.
///
/// *Mistakes in a file* are reported for all lines at once, see {@link
/// org.caravanmta.table.Remarks}: a line without a value is skipped, and a wrong value is reported
/// when it is looked up; a table of rules or patterns is refused as a whole. No part of a key is
/// substituted into values that are commands, paths, transports or users, see {@link
/// org.caravanmta.table.Values#FIXED}.
@NullMarked
package org.caravanmta.table;

import org.jspecify.annotations.NullMarked;
