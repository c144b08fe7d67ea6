/// Address rewriting (postfix `ADDRESS_REWRITING_README`), one class per mechanism.
///
/// *Place:* asked by reception at the end of data; what comes back is what is queued. *Decides:*
/// which addresses stand in the envelope and, for our own clients, in the header section. *When it
/// cannot tell:* 451 for the whole message, which is still the client's. *Limits:* standard form
/// and virtual aliases; canonical, masquerading and automatic copies are not there. An alias keeps
/// the NOTIFY of the recipient it stands for, so that with NOTIFY=SUCCESS each delivery is reported
/// (RFC 3461 §5.2.7.3 also allows one report of the expansion).
@NullMarked
package org.caravanmta.rewrite;

import org.jspecify.annotations.NullMarked;
