/// What every content filter is to the rest of the server: it gets a message, or is told of a
/// session as it goes on, and answers with a judgement and edits.
///
/// *Place:* below the filter protocols, which import it, and the filter stage, which turns answers
/// into verdicts. *Decides:* how edits change a message. *When it cannot tell:* a filter that gives
/// no answer is {@link Judgement.NoAnswer}, which is never the same as a pass. *Limits:* a filter
/// sees a message whole, never a part of its body.
@NullMarked
package org.caravanmta.filter.contract;

import org.jspecify.annotations.NullMarked;
