/// Who lives in a cluster, and who has which node's journal: a lock service of ZooKeeper's, and its
/// client.
///
/// *Place:* beside everything that a node does with its journal. A node {@linkplain
/// org.caravanmta.cluster.lock.LockService#join joins}, and begins nothing while it does not
/// {@linkplain org.caravanmta.cluster.lock.LockService#holds hold} its lock; another one that has
/// its copies {@linkplain org.caravanmta.cluster.lock.LockService#takeOver takes it over} when the
/// lock is gone.
///
/// *Decides:* who may touch what a journal holds, one node at a time. The lock is two things that
/// change together, in one transaction of the lock service. `serving/NODE` is ephemeral: it goes
/// when its holder has been silent for the time of a session, and then another may take it.
/// `leases/NODE` stays, and has a version: the holder writes to it all the time, each time with the
/// version that it wrote last, and a new holder writes to it when it takes the lock, after which
/// the old one's writes fail. A write goes through the majority; what the holder knows by it is
/// good from the moment it was *begun* for three quarters of a session, by the holder's own clock,
/// with nobody having to tell it when that is over: not a thread, which may be stopped, nor the
/// network.
///
/// A new holder waits as long, from when it first saw the last version of the old one; it has
/// mostly seen that long before the session ended, and does not wait at all. The end of the session
/// alone would not do: a follower answers for the leader, and tells it only with its next pings
/// which sessions it has heard of, so the leader may end one that had an answer later than it
/// knows. No wait is needed after a holder that gave the lock back, or one that the caller proves
/// to be dead, see {@link org.caravanmta.cluster.lock.Mark}.
///
/// *When it cannot tell:* nobody holds anything. A lock whose answers do not come is not held when
/// its lease is over, and not taken either, since taking needs the majority too.
///
/// *Limits:* the clocks (`CLOCK_MONOTONIC`) of two machines must run at the same speed, within a
/// hundredth, and must not stand still while a virtual machine does: one that is suspended and
/// resumed by its host may believe for the rest of its lease that it holds its lock. What was begun
/// before the end of a lease may end after it; a quarter of a session lies between the two. {@link
/// org.caravanmta.cluster.lock.Access} keeps those out of the tree who do not know
/// `cluster.secret`, but what goes to the lock service is not encrypted, and its peers do not ask
/// one another who they are: their ports belong behind a firewall.
@NullMarked
package org.caravanmta.cluster.lock;

import org.jspecify.annotations.NullMarked;
