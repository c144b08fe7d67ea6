package org.caravanmta.delivery.remote;

import java.util.Optional;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.shaping.ServerGroup;

/// The place of one message with a group of servers: from the first server of the group that it is
/// offered to, until it goes to one that is not in it, or is done.
final class GroupPlace implements AutoCloseable {
  private final Admission.Turn turn;
  private Optional<ServerGroup> group = Optional.empty();
  private Optional<ServerGroup.Place> place = Optional.empty();

  /// Whether the message was offered to a server of the group.
  private boolean offered;

  GroupPlace(Admission.Turn turn) {
    this.turn = turn;
  }

  /// Takes a place, and waits until the message may begin, before it goes to a server.
  ///
  /// @param next the group of the server
  /// @return whether it may
  boolean at(Optional<ServerGroup> next) throws InterruptedException {
    if (next.isPresent() && next.equals(group)) {
      return !offered || place.isPresent() && place.get().again();
    }
    close();
    if (next.isEmpty()) {
      return true;
    }
    place = next.get().enter(turn.claim(next.get()));
    group = place.isPresent() ? next : Optional.empty();
    return place.isPresent();
  }

  /// Notes that the message is offered to the server.
  void offered() {
    offered = true;
  }

  /// Makes room for one more connection with the group.
  void makeRoom() {
    group.ifPresent(ServerGroup::makeRoom);
  }

  @Override
  public void close() {
    place.ifPresent(ServerGroup.Place::close);
    place = Optional.empty();
    group = Optional.empty();
    offered = false;
  }
}
