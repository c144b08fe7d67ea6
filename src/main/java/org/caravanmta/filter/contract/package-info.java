/// What every content filter is to the rest of the server: it gets a message, or is told of a
/// session as it goes on, and answers with a judgement and edits.
///
/// *Place:* below the filter protocols, which import it, and the filter stage, which turns answers
/// into verdicts. *Decides:* how edits change a message. *When it cannot tell:* a filter that gives
/// no answer is {@link Judgement.NoAnswer}, which is never the same as a pass; of several servers
/// another is asked then, unless the first may have taken the message over. *Limits:* a filter sees
/// a message whole, never a part of its body. What is known of a server, and whether it is given
/// up, is of one step of one process: another step that names it finds out for itself.
@NullMarked
package org.caravanmta.filter.contract;

import org.jspecify.annotations.NullMarked;
