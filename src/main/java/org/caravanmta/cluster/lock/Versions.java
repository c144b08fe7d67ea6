package org.caravanmta.cluster.lock;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// When this node first saw the newest state of each lease: whatever its holder has written was
/// begun before that.
final class Versions {
  private record Seen(long transaction, long at) {}

  private final LongSupplier nanos;
  private final Map<String, Seen> newest = new HashMap<>();

  Versions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Notes that a state is there now.
  ///
  /// @param transaction of the lock service, which made it
  /// @return when it was seen first
  synchronized long see(String journal, long transaction) {
    Seen before = newest.get(journal);
    if (before != null && before.transaction == transaction) {
      return before.at;
    }
    var now = new Seen(transaction, nanos.getAsLong());
    newest.put(journal, now);
    return now.at;
  }
}
