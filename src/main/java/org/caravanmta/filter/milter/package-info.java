/// The milter protocol, version 6, on the side of the mail server (draft-adams-milter-protocol-00;
/// postfix `MILTER_README`): a filter is told of a session's events one by one, may answer each,
/// and may change the message at its end.
///
/// *Place:* below the filter stage, which says when a session begins and what becomes of a verdict.
/// *Decides:* nothing; it carries events there and answers back. *When it cannot tell:* whatever is
/// not an answer that the protocol allows at that point, or does not come in time, ends the
/// connection with an {@link java.io.IOException}; what stands for the answer then is for the
/// caller to say. *Limits:* versions below 6 are spoken as far as a filter asks for less; of the
/// larger packet sizes none is offered, as Postfix offers none.
@NullMarked
package org.caravanmta.filter.milter;

import org.jspecify.annotations.NullMarked;
