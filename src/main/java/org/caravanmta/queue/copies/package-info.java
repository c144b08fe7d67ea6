/// Copies of what is on the queues of one node's embedded broker, kept by another node of the
/// cluster, and what becomes of them when the first one is gone.
///
/// *Place:* between reception and the journal: a message is copied before it is put in the own
/// journal, and only then there is a 250; and beside the journal: what the stages make of it is
/// told to the keeper of the copies a moment later, in the order in which it has happened.
///
/// *Decides:* nothing about mail. The keeper has, for each message that is not finished, some state
/// of it that it once had: what has been delivered in the last moments may be delivered once more,
/// never less than once.
///
/// *When it cannot tell:* without a keeper there is no 250 (`cluster.copies: 2`), and nothing is
/// begun, since it could not be recorded.
@NullMarked
package org.caravanmta.queue.copies;

import org.jspecify.annotations.NullMarked;
