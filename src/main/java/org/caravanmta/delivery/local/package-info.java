/// Final delivery to our own users (RFC 5321 §4.4; postfix `local(8)`) and to virtual mailboxes
/// (postfix `virtual(8)`).
///
/// *Place:* after routing, in the routes `delivery.local` and `delivery.virtual`; aliases and
/// `.forward` are read by `alias`, mailboxes are written by `delivery.mailbox`, commands are run by
/// `delivery.program`. *Decides:* whether a user has a mailbox, what takes the user's mail instead,
/// and with whose rights files are written and commands run. *When it cannot tell:* deferred, as
/// when a table cannot be read or a user cannot be looked up; of several destinations of a
/// recipient only those that wait are tried again. *Limits:* those of `delivery`; there are no
/// quotas besides the size of a mailbox that is one file.
@NullMarked
package org.caravanmta.delivery.local;

import org.jspecify.annotations.NullMarked;
