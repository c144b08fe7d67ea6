/// Address rewriting (postfix `ADDRESS_REWRITING_README`), one class per mechanism.
///
/// *Place:* asked by reception at the end of data; what comes back is what is queued. *Decides:*
/// which addresses stand in the envelope and, for our own clients, in the header section. *When it
/// cannot tell:* 451 for the whole message, which is still the client's; {@link
/// org.caravanmta.rewrite.Generic} is asked at delivery, and defers it. *Order* (Postfix's):
/// standard form, canonical, masquerading, automatic copies, virtual aliases; each does nothing
/// without a table. *Limits:* header fields that a stranger left out are not put in, whatever
/// `remote-domain` says; `masquerade-exceptions` are names, not tables. An alias keeps the NOTIFY
/// of the recipient it stands for, so that with NOTIFY=SUCCESS each delivery is reported; the one
/// report of the expansion that RFC 3461 §5.2.7.3 speaks of is not made.
@NullMarked
package org.caravanmta.rewrite;

import org.jspecify.annotations.NullMarked;
