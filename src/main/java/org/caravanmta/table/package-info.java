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
/// org.caravanmta.table.Lookup.Unavailable}, which is never "not there". *Limits:* a changed file
/// is seen within about two seconds of the next lookup, once it has stood still for one; a broken
/// or vanished file leaves the version before it in force, and one line in the log. Regular
/// expressions run on a linear engine where it knows their syntax; back-references and look-around
/// run on a backtracking one with a bound on its steps. Patterns are about bytes, as Postfix's are,
/// or about characters, if they say so, see {@link org.caravanmta.table.PatternWording}. What
/// another program answered is remembered for five seconds, that it did not answer for one; it has
/// ten seconds for each question. The files of `jdbc` and `ldap` are read once, at the start.
///
/// *What is wrong in a file* is said of all lines at once, see {@link
/// org.caravanmta.table.Remarks}: a line without a value is passed over, one whose value is not
/// what it has to be is reported when it is asked for; a table of rules or patterns is refused as a
/// whole. Nothing of the key stands in values that are commands, paths, transports or users, see
/// {@link org.caravanmta.table.Values#FIXED}.
@NullMarked
package org.caravanmta.table;

import org.jspecify.annotations.NullMarked;
