/// What the names of our own users stand for: aliases (postfix `aliases(5)`) and what a user's own
/// `.forward` file says (postfix `local(8)`).
///
/// *Place:* asked by delivery to our own users, before a mailbox is written. *Decides:* whether a
/// recipient's mail goes into the mailbox, into files, to commands, or onward to other addresses.
/// Tables, `:include:` lists and `.forward` files have one grammar, {@link
/// org.caravanmta.address.WrittenList}. What of a list can never be had is told to the sender, and
/// the others of the list get the mail. *When it cannot tell* (a table that cannot be asked, a
/// value without anybody, a file that cannot be read): the recipient is deferred. *Loops:* a name
/// is expanded once for a recipient, and 25 aliases deep; longer ways round are seen by
/// `Delivered-To` when the mail comes back.
///
/// *Whose word it is* decides with whose rights files and commands are done: that of the user whose
/// `.forward` it is, of the owner of the table or of the `:include:` list, or, for root's, of
/// nobody in particular, see {@link org.caravanmta.alias.Expansion.Behalf}.
///
/// *Limits:* whose a table in a database or a directory is, is not asked: it is taken for root's. A
/// table that cannot be asked ends the list where it is; what stands before gets its mail. What has
/// failed of a list is told to the sender, also when the list has an owner.
@NullMarked
package org.caravanmta.alias;

import org.jspecify.annotations.NullMarked;
