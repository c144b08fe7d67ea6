package org.caravanmta.queue.camel;

import java.util.Optional;
import org.caravanmta.message.Handover;

/// Is asked before a message that was taken from a queue goes through its route.
@FunctionalInterface
public interface Turnstile {
  /// Lets everything pass.
  Turnstile OPEN = (_, _) -> Optional.empty();

  /// What becomes of a message that may not pass now; absent for one that may. Its tasks are sent
  /// with the commit that settles the message.
  ///
  /// @param stage the queue that the route empties
  /// @param body as decoded
  Optional<Handover> instead(String stage, Object body);
}
