package org.caravanmta.message;

import java.util.Optional;

/// Says which tasks of a queue may begin, so that those for a destination that has enough at work
/// wait in the queue and not in memory, and keep nobody else's waiting. Never waits itself.
public interface Gate {
  /// A task that has begun.
  interface Place {
    /// To be called once, when it is over.
    void leave();
  }

  /// A place for a task.
  ///
  /// @param nextHop where it goes
  /// @return empty if it must wait
  Optional<Place> enter(String nextHop);

  /// What tasks for a next hop wait for: those of the same name have one order, and wait in one
  /// queue.
  String line(String nextHop);
}
