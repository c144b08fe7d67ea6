package org.caravanmta.queue.copies;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.caravanmta.queue.spi.Placed;
import org.jspecify.annotations.Nullable;

/// What is to be told to the keeper together: messages that have taken the place of others. Guarded
/// by the {@link Ledger}.
final class CopyUnit {
  final Map<Long, Placed> come = new HashMap<>();
  final Set<Long> gone = new HashSet<>();

  /// Who waits until it is told, and kept.
  final List<Consumer<@Nullable Throwable>> waiting = new ArrayList<>();

  /// When the first of it has happened.
  long since;

  /// Contents that the keeper has to have before.
  int lacks;

  /// Whether some of what comes with it takes the place of what the keeper has no copy of yet.
  boolean bare;

  /// Which says it instead of this one; null if none does.
  private @Nullable CopyUnit into;

  CopyUnit(long since) {
    this.since = since;
  }

  /// Tells what another was to tell, which tells nothing then.
  void absorb(CopyUnit other) {
    come.putAll(other.come);
    gone.addAll(other.gone);
    waiting.addAll(other.waiting);
    since = Math.min(since, other.since);
    other.come.clear();
    other.gone.clear();
    other.waiting.clear();
    bare |= other.bare;
    other.into = this;
  }

  /// Whether it need not be told, since another says it.
  boolean isMerged() {
    return into != null;
  }

  /// The one that tells what this one was to tell.
  CopyUnit survivor() {
    CopyUnit last = this;
    while (last.into != null) {
      last = last.into;
    }
    return last;
  }

  boolean isEmpty() {
    return come.isEmpty() && gone.isEmpty();
  }

  /// Whether it may be told with what comes next: nobody waits for it, and the keeper has an
  /// earlier state of the same mail.
  boolean mayRide() {
    return waiting.isEmpty() && !gone.isEmpty();
  }

  /// Whether it may wait: the keeper has another state of the same mail.
  boolean mayWait() {
    return !come.isEmpty() && !gone.isEmpty();
  }
}
