/// The questions that reception puts to the restriction stages ("cases"), and the verdicts that
/// these give.
///
/// *Place:* before a message is ours; the client is still responsible for it. *Decides:* accept,
/// defer (4yz), reject (5yz), hold or discard. *When it cannot tell:* {@link
/// org.caravanmta.policy.Verdict.Defer}, or what the route declares for a question that got no
/// answer. If a step breaks on what a message says, the message is held, see {@link
/// org.caravanmta.policy.Fault}: a fault that the message causes does not pass with time.
@NullMarked
package org.caravanmta.policy;

import org.jspecify.annotations.NullMarked;
