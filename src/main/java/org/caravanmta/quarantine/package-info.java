/// The quarantine: mail that content filters have set aside, until the operator or its recipient
/// has it released.
///
/// *Place:* filters before or after the queue set a message aside with all their edits, and with
/// the reason; it is noted in an index in the state database, and lies on the queue `quarantined`.
/// *Decides:* nothing but when mail has lain there for long enough. Released, it goes to routing as
/// it is: no restriction, no check and not the filter that has set it aside sees it again. *When it
/// cannot tell:* the queue is the truth. A message that the index cannot be told of lies there all
/// the same, is listed from the queue, and noted later; an entry without its message is forgotten.
///
/// *Limits:* a message that was split lies there in parts with one id, and every part is meant.
/// When a filter that is asked again takes a message as a mail server does, and the process ends
/// before ours is deleted, it is doubled.
@NullMarked
package org.caravanmta.quarantine;

import org.jspecify.annotations.NullMarked;
