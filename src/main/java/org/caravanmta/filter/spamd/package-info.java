/// SpamAssassin's daemon, by its own protocol (`spamd/PROTOCOL`, SPAMC/1.5).
///
/// *Place:* a step before the queue or after it, `spamd inet:127.0.0.1:783`. *Decides:* which
/// fields it adds is for SpamAssassin to say; a message whose score reaches the operator's limit is
/// refused. *When it cannot tell:* an answer without a score is none. *Limits:* messages above the
/// operator's size limit are not shown to it, as spamc does not show them.
@NullMarked
package org.caravanmta.filter.spamd;

import org.jspecify.annotations.NullMarked;
