/// Selectors: which of the queued messages an operator means (postfix `postqueue(1)` and
/// `postsuper(1)` know ids alone).
///
/// *Place:* between the command line, which writes a selector as a text, and the verbs on queues,
/// which put every message to it. *Decides:* whether a message is meant. *When it cannot tell:* of
/// a message that a stage has taken, a broker elsewhere does not give the bytes; then the answer is
/// {@link org.caravanmta.queue.selector.Truth#UNKNOWN}, and no verb touches the message.
///
/// *Limits:* what is judged is a queued task: one with several recipients is meant when one of them
/// is, and as a whole.
@NullMarked
package org.caravanmta.queue.selector;

import org.jspecify.annotations.NullMarked;
