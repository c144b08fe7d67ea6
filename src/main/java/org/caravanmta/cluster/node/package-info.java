/// A node of a cluster: who keeps the copies of its mail, whose mail it takes over, and whether it
/// may begin anything.
///
/// *Place:* beside the broker in this process. A node takes the lock on its own journal before it
/// takes anything from its queues, and removes from them what others have taken over meanwhile.
///
/// *Decides:* nothing about mail. Which node keeps the copies of which journal is written down at
/// the lock service before that node confirms the first one (`copies.NODE.JOURNAL`): when a node is
/// gone, only the one named there takes its mail over.
///
/// *When it cannot tell:* a node without its lock begins nothing, and takes mail only while another
/// one keeps copies of it. What one has taken over of a node's mail is asked of all others when
/// that node comes back, and until they have said it, it begins nothing.
@NullMarked
package org.caravanmta.cluster.node;

import org.jspecify.annotations.NullMarked;
