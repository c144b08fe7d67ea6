/// What may happen: the cases that reception puts to the restriction stages, and the verdicts they
/// give.
///
/// *Place:* before a message is ours; the client still owns it. *Decides:* accept, defer (4yz),
/// reject (5yz), hold or discard. *When it cannot tell:* {@link
/// org.caravanmta.policy.Verdict.Defer}, or what the route declares for a question that got no
/// answer. A step that breaks on what a message says holds it, see {@link
/// org.caravanmta.policy.Fault}: a fault that is caused by the message does not pass with time.
@NullMarked
package org.caravanmta.policy;

import org.jspecify.annotations.NullMarked;
