/// Which users may write as whom (RFC 6409 §6.1).
///
/// *Place:* a step of reception's questions about recipients and about the message, for listeners
/// of submission. *Decides:* whether the reverse path and the addresses in `From:` are the user's
/// own. *When it cannot tell:* 451, when a table cannot be asked; a `From:` that is no list of
/// addresses is nobody's own. *Limits:* `Sender:` and `Reply-To:` are not looked at.
@NullMarked
package org.caravanmta.policy.login;

import org.jspecify.annotations.NullMarked;
