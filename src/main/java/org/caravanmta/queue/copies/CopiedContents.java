package org.caravanmta.queue.copies;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.artemis.utils.collections.ConcurrentLongHashMap;
import org.jspecify.annotations.Nullable;

/// Which messages have which stored content: several may have the same reference for a while, as
/// one does that goes to a lane and the one that comes from it. Not thread-safe.
final class CopiedContents {
  /// Half of what a map of objects would take: there may be a million of them.
  private final ConcurrentLongHashMap<String> byNumber = new ConcurrentLongHashMap<>(256, 1);

  private final Map<String, Integer> counts = new HashMap<>();

  void add(long number, String ref) {
    byNumber.put(number, ref);
    counts.merge(ref, 1, Integer::sum);
  }

  /// A message is no more.
  ///
  /// @return its reference, if no other message has it
  Optional<String> remove(long number) {
    @Nullable String ref = byNumber.remove(number);
    if (ref == null) {
      return Optional.empty();
    }
    Integer left = counts.computeIfPresent(ref, (_, count) -> count == 1 ? null : count - 1);
    return left == null ? Optional.of(ref) : Optional.empty();
  }

  /// All references.
  Set<String> all() {
    return Set.copyOf(counts.keySet());
  }
}
