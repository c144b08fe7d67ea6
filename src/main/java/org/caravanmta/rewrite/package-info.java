/// Address rewriting (postfix `ADDRESS_REWRITING_README`), one class per mechanism.
///
/// *Place:* asked by reception at the end of data; what comes back is what is queued. *Decides:*
/// which addresses stand in the envelope and, for our own clients, in the header section. *When it
/// cannot tell:* 451 for the whole message, which is still the client's; {@link
/// org.caravanmta.rewrite.Generic} is asked at delivery, and defers it; a message that a mechanism
/// breaks on is held. *Order* (Postfix's): standard form, canonical, masquerading, completion of
/// header sections, automatic copies, virtual aliases; each does nothing without a table or list.
/// *Limits:* `masquerade-exceptions` are names, not tables. Lists of addresses are read as Postfix
/// reads them, see {@link org.caravanmta.address.AddressTree}; what then cannot be an address stays
/// as it is, where Postfix makes one of it. A test that runs Postfix beside Caravan lists what
/// differs.
@NullMarked
package org.caravanmta.rewrite;

import org.jspecify.annotations.NullMarked;
