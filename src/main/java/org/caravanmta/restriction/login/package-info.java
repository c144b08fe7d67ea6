/// Which users may send as which address (RFC 6409 §6.1).
///
/// *Place:* a step of reception's questions about recipients and about the message, for listeners
/// of submission. *Decides:* whether the reverse path and the addresses in `From:` belong to the
/// user. *When it cannot tell:* 451, when a table cannot be asked; a `From:` that is not a list of
/// addresses is nobody's own. *Limits:* `Sender:` and `Reply-To:` are not looked at.
@NullMarked
package org.caravanmta.restriction.login;

import org.jspecify.annotations.NullMarked;
