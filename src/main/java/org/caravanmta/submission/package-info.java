/// The maildrop: mail that programs of this machine post with the command `sendmail` (postfix
/// `sendmail(1)`, `postdrop(1)`), in a directory where it rests until the server collects it
/// (postfix `pickup(8)`). So a program can post whether or not the server is running.
///
/// *Place:* beside reception; what is collected is completed as a submission (RFC 6409 §8) and goes
/// through rewriting, checks and routing. A file is removed only when the queues have its message
/// on stable storage: a crash in between may duplicate a message, but never lose it. *Decides:*
/// whether a file is a message; what is rejected is reported to the sender, as nobody else is left
/// to be told. Of a verification (`sendmail -bv`) nothing is delivered: its sender gets a report of
/// who could be. Mail with addresses or a header section that are not ASCII is internationalized
/// (RFC 6531), and is not sent to servers that do not support that. *When it cannot tell:* the file
/// stays, and is tried again a minute later. A file that is not one of ours goes to `corrupt` once
/// it has not changed for a second, and the log says so once.
///
/// The directory's permissions decide who may post. The server makes it for its own user only; to
/// let others in, the administrator gives it a group and the mode 3730, which the server keeps:
/// members of the group may then put files in, and neither see nor remove those of others. A
/// directory in which users could see or remove each other's mail is refused.
///
/// *Limits:* any user who may post may give any sender (postfix `local_login_sender_maps` is not
/// there); the user id in `Received:` is that of the file's owner and cannot be made up. There is
/// no set-group-id command as postfix's `postdrop(1)`: who may post is in the group. Files are
/// collected one after the other; one that is deferred is tried until the operator removes it. A
/// message with a large body that virtual aliases give more than 500 recipients stays. A
/// verification asks the tables of this machine, not the servers elsewhere, and follows no
/// `.forward`.
@NullMarked
package org.caravanmta.submission;

import org.jspecify.annotations.NullMarked;
