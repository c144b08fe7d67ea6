/// The threads that take messages from queues and bring each through its stage: in batches, many at
/// a time, when due, or gathered.
@NullMarked
package org.caravanmta.queue.reader;

import org.jspecify.annotations.NullMarked;
