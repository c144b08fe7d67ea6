package org.caravanmta.queue.copies;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which messages have which stored content: several may have the same reference for a while, as
/// one does that goes to a lane and the one that comes from it. Not thread-safe.
final class CopiedContents {
  private final Map<Long, String> byNumber = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  void add(long number, String ref) {
    byNumber.put(number, ref);
    counts.merge(ref, 1, Integer::sum);
  }

  /// A message is no more.
  ///
  /// @return its reference, if no other message has it
  Optional<String> remove(long number) {
    String ref = byNumber.remove(number);
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
