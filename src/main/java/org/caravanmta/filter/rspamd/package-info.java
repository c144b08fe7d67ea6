/// rspamd, by its own protocol over HTTP (rspamd documentation, "Protocol", `/checkv2`).
///
/// *Place:* a step before the queue or after it, `rspamd http://127.0.0.1:11333`. *Decides:* what
/// rspamd's action says: refused, refused for now, dropped, set aside, or passed with the fields,
/// the subject, the recipients and the reverse path that rspamd asks for. *When it cannot tell:* an
/// answer without an action that is known here is none. *Limits:* bodies that rspamd would rewrite
/// are not asked for; `/checkv3` is not spoken.
@NullMarked
package org.caravanmta.filter.rspamd;

import org.jspecify.annotations.NullMarked;
