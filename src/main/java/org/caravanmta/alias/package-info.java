/// What the names of our own users stand for: aliases (postfix `aliases(5)`) and what a user's own
/// `.forward` file says (postfix `local(8)`).
///
/// *Place:* asked by delivery to our own users, before a mailbox is written. *Decides:* whether a
/// recipient's mail goes into the mailbox, into files, to commands, or onward to other addresses.
/// Tables, `:include:` lists and `.forward` files have one grammar, {@link
/// org.caravanmta.address.WrittenList}. The sender is told which members of a list can never be
/// reached, and the other members get the mail. *When it cannot tell* (a table that cannot be
/// asked, a value that names nobody, a file that cannot be read): the recipient is deferred.
/// *Loops:* a name is expanded once for a recipient, and 25 aliases deep; longer loops are detected
/// by `Delivered-To` when the mail comes back.
///
/// *Who says so* decides with whose rights files are written and commands run: that of the user
/// whose `.forward` it is, of the owner of the table or of the `:include:` list, or, for root's, of
/// nobody in particular, see {@link org.caravanmta.alias.AliasTargets.Behalf}.
///
/// *Limits:* a table in a database or a directory counts as owned by root. A table that cannot be
/// asked ends the list where it is; the destinations before it get their mail. The sender is told
/// which destinations of a list have failed, even when the list has an owner.
@NullMarked
package org.caravanmta.alias;

import org.jspecify.annotations.NullMarked;
