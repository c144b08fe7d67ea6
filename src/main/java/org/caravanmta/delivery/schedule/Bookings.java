package org.caravanmta.delivery.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.caravanmta.delivery.shaping.ServerGroup;

/// The places with groups of servers that tasks of one destination have booked before they began.
/// Any of its tasks may use a booking; one that nobody uses is given back with the last task that
/// it could have been for.
final class Bookings {
  private final Deque<ServerGroup> open = new ArrayDeque<>();
  private int tasks;

  /// Books a place with one of these groups for a task.
  ///
  /// @return whether there was one
  synchronized boolean book(List<ServerGroup> groups) {
    for (ServerGroup group : groups) {
      if (group.book()) {
        open.add(group);
        tasks++;
        return true;
      }
    }
    return false;
  }

  /// Hands a booking out.
  ///
  /// @return whether there was one with this group
  synchronized boolean claim(ServerGroup group) {
    return open.remove(group);
  }

  /// Notes that a task is over that has booked.
  synchronized void left() {
    tasks--;
    while (open.size() > tasks) {
      open.removeLast().unbook();
    }
  }
}
