/// The users of the machine itself, what is done with their rights, and what is made for the
/// server's own user alone.
///
/// *Place:* asked by delivery to our own users, when the server runs as root; and by all that make
/// a file, for its modes. *Decides:* who a user is, by the system's own word, and that a file is
/// opened only if that user may open it. *When it cannot tell* (the system's users cannot be looked
/// up, or the rights cannot be taken): an {@link java.io.IOException}, for which mail waits.
///
/// *Limits:* the rights of others can be taken on Linux only, on amd64, aarch64 and riscv64, and
/// with `--enable-native-access`; a user has those of his own group only, as with Postfix, not
/// those of further groups that he is in.
@NullMarked
package org.caravanmta.account;

import org.jspecify.annotations.NullMarked;
