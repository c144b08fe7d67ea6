package org.caravanmta.queue.admin;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A look at all of a queue while mail flows: at what stages have taken, at what waits, and once
/// more at what they have taken, for what they took between the first two looks was in neither.
/// Each message is passed on once, as long as it is among the first of the queue, where stages take
/// from; a later one twice rather than not at all.
final class WholeLook {
  /// How many messages are remembered.
  private static final int REMEMBERED = 10_000;

  private final Predicate<QueueEntry> meant;
  private final Consumer<QueueEntry> use;
  private final Set<Long> passed = new HashSet<>();

  WholeLook(Predicate<QueueEntry> meant, Consumer<QueueEntry> use) {
    this.meant = meant;
    this.use = use;
  }

  void at(QueueEntry entry) {
    boolean known =
        passed.size() < REMEMBERED ? !passed.add(entry.number()) : passed.contains(entry.number());
    if (!known && meant.test(entry)) {
      use.accept(entry);
    }
  }
}
