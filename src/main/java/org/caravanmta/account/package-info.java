/// The users of this machine, and the rights with which the server opens files.
///
/// *Place:* delivery to our own users needs it when the server runs as root; whatever makes a file
/// takes the mode from it. *Decides:* who a user is, by the system's own word; that a file is
/// opened for a user only if the user may open it; that new files are the server's alone. *When it
/// cannot tell* (the users of the system cannot be looked up, or the rights cannot be taken): an
/// {@link java.io.IOException}, and the mail waits.
///
/// *Limits:* the rights of others can be taken on Linux only, on amd64, aarch64 and riscv64, and
/// with `--enable-native-access`. A user's rights are those of the user's own group, as in Postfix,
/// without those of further groups.
@NullMarked
package org.caravanmta.account;

import org.jspecify.annotations.NullMarked;
