/// rspamd, by its own protocol over HTTP (rspamd documentation, "Protocol"): `/checkv3`, where what
/// is known of a message is a part of the content, and `/checkv2` where rspamd is older than that.
///
/// *Place:* a step before the queue or after it, `rspamd http://127.0.0.1:11333`. *Decides:* what
/// rspamd's action says: refused, refused for now, dropped, set aside, or passed with the fields,
/// the subject, the recipients, the reverse path and the body that rspamd asks for. *When it cannot
/// tell:* an answer without an action that is known here is none, and so is one that says that the
/// message was skipped unread. *Limits:* `/checkv2` is not asked for a body that rspamd would
/// rewrite.
@NullMarked
package org.caravanmta.filter.rspamd;

import org.jspecify.annotations.NullMarked;
