package org.caravanmta.port;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Those who have connected to a port and not said yet what they want: so many at most. A newcomer
/// takes the place of the one who has been silent longest, so that whoever speaks at once is heard.
public final class Callers<C> {
  private final int most;
  private final Set<C> silent = new LinkedHashSet<>();

  public Callers(int most) {
    this.most = most;
  }

  /// @return who has to go for it
  public synchronized Optional<C> enter(C caller) {
    silent.add(caller);
    if (silent.size() <= most) {
      return Optional.empty();
    }
    C oldest = silent.iterator().next();
    silent.remove(oldest);
    return Optional.of(oldest);
  }

  /// It has spoken, or gone.
  public synchronized void leave(C caller) {
    silent.remove(caller);
  }
}
