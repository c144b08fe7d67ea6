package org.caravanmta.queue.reader;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.caravanmta.queue.spi.Lanes;

/// The lanes of this process: how long what comes into each waits, who reads them, and when the
/// operator last had them emptied.
public final class HeldLanes implements Lanes {
  private static final Duration AGES = Duration.ofDays(36_500);

  /// The stages that read lanes.
  public interface Holder {
    /// Has its readers put back what they hold; it is in the queue when this returns.
    void putDown() throws InterruptedException;

    /// Has them take it again.
    void takeUp();
  }

  /// Who waits for what lies in a lane to become due.
  public interface Sleeper {
    /// Has it look at the clock.
    void wake();
  }

  private final InstantSource clock;
  private final LanePace pace;
  private final Map<String, Duration> waits = new ConcurrentHashMap<>();
  private final Set<Sleeper> sleepers = ConcurrentHashMap.newKeySet();
  private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
  private volatile Instant flushed = Instant.EPOCH;

  /// @param before how many messages wait before the stages that mail from lanes goes to
  HeldLanes(InstantSource clock, LongSupplier before) {
    this.clock = clock;
    this.pace = new LanePace(before);
  }

  /// How fast it goes there.
  LanePace pace() {
    return pace;
  }

  public void add(Map<String, Duration> lanes) {
    waits.putAll(lanes);
  }

  public void add(Holder holder) {
    holders.add(holder);
  }

  public void remove(Holder holder) {
    holders.remove(holder);
  }

  public void add(Sleeper sleeper) {
    sleepers.add(sleeper);
  }

  public void remove(Sleeper sleeper) {
    sleepers.remove(sleeper);
  }

  /// How long what comes into a queue waits; of one that is not a lane, longer than anything.
  Duration wait(String queue) {
    return waits.getOrDefault(queue, AGES);
  }

  /// What came into a lane before this is due.
  Instant flushed() {
    return flushed;
  }

  @Override
  public void flush() {
    flushed = clock.instant();
    wake();
  }

  @Override
  public Optional<String> first() {
    return sleepers.isEmpty()
        ? Optional.empty()
        : waits.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  /// Has the readers look at the clock.
  public void wake() {
    sleepers.forEach(Sleeper::wake);
  }

  @Override
  public <T> T aside(Callable<T> work) throws Exception {
    var paused = List.copyOf(holders);
    try {
      for (Holder holder : paused) {
        holder.putDown();
      }
      return work.call();
    } finally {
      paused.stream().filter(holders::contains).forEach(Holder::takeUp);
    }
  }
}
