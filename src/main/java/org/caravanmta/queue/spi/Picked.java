package org.caravanmta.queue.spi;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Messages of one queue that the operator's verb is about, by the numbers that the broker gives
/// them: as long as a number is on the queue, it is that message as it was seen.
public final class Picked {
  /// What is remembered of a message.
  ///
  /// @param id absent where it is not mail
  /// @param content the reference of stored content
  /// @param recipients how many
  public record Item(Optional<String> id, Optional<String> content, int recipients) {}

  private final Map<Long, Item> items = new LinkedHashMap<>();

  public void add(long number, Item item) {
    items.put(number, item);
  }

  public boolean contains(long number) {
    return items.containsKey(number);
  }

  /// Takes out what is done.
  public void remove(long number) {
    items.remove(number);
  }

  public int size() {
    return items.size();
  }

  public boolean isEmpty() {
    return items.isEmpty();
  }

  /// What is left now, in the order of the queue.
  public Map<Long, Item> all() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(items));
  }

  /// The numbers that are left now.
  public Set<Long> numbers() {
    return new HashSet<>(items.keySet());
  }
}
