package org.caravanmta.cluster.node;

import java.util.Optional;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.queue.copies.CopyKeeper;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.embedded.Room;

/// Why a node keeps no copies for others now.
///
/// @param name of the node
/// @param room where the copies are, which may be another disk than that of the queues
record NodeReluctance(String name, LockService locks, EmbeddedBroker broker, Room room)
    implements CopyKeeper.Reluctance {
  @Override
  public Optional<String> reason(String node) {
    if (!locks.holds()) {
      return Optional.of(name + " has no lock of its own now");
    }
    if (broker.diskFull() || room.full()) {
      return Optional.of("the disk of " + name + " is nearly full");
    }
    return Optional.empty();
  }
}
