/// The operator's rules for replies of servers that ask to be sent less, or mean something else
/// than their code says.
///
/// *Place:* asked by `delivery.schedule` for each reply to an attempt that is not a success.
/// *Decides:* which rule a reply has, and what it asks for; `delivery.schedule` does it. *When it
/// cannot tell:* a file with a mistake is refused at the start; a pattern that takes too long on a
/// reply does not match it. *Limits:* files are read once.
@NullMarked
package org.caravanmta.delivery.reply;

import org.jspecify.annotations.NullMarked;
