/// What happens to mail, as values: a stage tells an {@link org.caravanmta.event.Event} to {@link
/// org.caravanmta.event.Events}, and the lines of the log and the counters are made of it here and
/// nowhere else.
///
/// *Place:* below the stages, which import it and not each other; it imports none of them.
/// *Decides:* the words of the log, in both forms of the setting `log.format`: ours, and those of
/// Postfix's programs, for what reads Postfix's log. *Limits:* what is wrong with this process or
/// its tables, rather than what happened to mail, is said by who notices it, with a logger of its
/// own. In Postfix's form the line `removed` counts recipients in memory: of a message that has
/// been through a restart, or whose parts several processes deliver, it may come once for each
/// part.
@NullMarked
package org.caravanmta.event;

import org.jspecify.annotations.NullMarked;
