/// What would happen to an address or a message, and which entry of which table decides it:
/// `caravan explain`.
///
/// *Place:* the operator's shell, without a running server. *Decides:* nothing: it asks the
/// listeners' route about a client and a recipient as a session would, then runs the beans that the
/// routes `rewriting` and `checks` name, in their order, and the routing, and says what each
/// changed. *When it cannot tell:* it shows the deferral that the server would answer. *Limits:*
/// conditions are looked at on the way to RCPT, not in `rewriting` and `checks`; the greylist
/// answers as at a first attempt, and policy servers and content filters are not asked, as they
/// would remember; refusals are shown at RCPT whatever `smtp.delay-reject` says; what the session
/// itself refuses, as a line that is too long, is not seen; tables are read now, not as a running
/// server has read them.
@NullMarked
package org.caravanmta.explain;

import org.jspecify.annotations.NullMarked;
