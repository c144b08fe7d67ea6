/// What the names of our own users stand for: aliases (postfix `aliases(5)`) and what a user's own
/// `.forward` file says (postfix `local(8)`).
///
/// *Place:* asked by delivery to our own users, before a mailbox is written. *Decides:* whether a
/// recipient's mail goes into the mailbox, into files, to commands, or onward to other addresses.
/// *When it cannot tell* (a table that cannot be asked, a value that is no list, a list that cannot
/// be read): the recipient is deferred. *Loops:* a name is expanded once for a recipient; longer
/// ways round are seen by `Delivered-To` when the mail comes back.
///
/// *Whose word it is* decides with whose rights files and commands are done: that of the user whose
/// `.forward` it is, of the owner of the table or of the `:include:` list, or, for root's, of
/// nobody in particular, see {@link org.caravanmta.alias.Expansion.Behalf}.
///
/// *Limits:* whose a table in a database or a directory is, is not asked: it is taken for root's.
/// `~/file` is not known; a list of destinations is one attempt: when one of its files or commands
/// fails, all of it is tried again, and nothing has gone onward.
@NullMarked
package org.caravanmta.alias;

import org.jspecify.annotations.NullMarked;
