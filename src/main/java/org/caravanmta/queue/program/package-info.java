/// Questions to programs that take them from a queue of the broker, and send their answers to
/// another: the way of a content filter of the kind `queue`.
///
/// *Place:* between a step of a route, which waits, and the broker. *Decides:* nothing. *When it
/// cannot tell:* no answer in time is an `IOException`, and the step says what stands in for one.
/// *Limits:* a question lives as long as somebody waits for its answer, and not on the disk: the
/// message itself stays in the queue that it was taken from, or is the client's still.
@NullMarked
package org.caravanmta.queue.program;

import org.jspecify.annotations.NullMarked;
