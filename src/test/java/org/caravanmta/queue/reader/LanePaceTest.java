package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LanePaceTest {
  private final AtomicLong before = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();

  private LanePace pace(Duration patience) {
    return new LanePace(
        () -> {
          looks.incrementAndGet();
          return before.get();
        },
        patience);
  }

  @Test
  void aBatchWaitsUntilTheStagesHaveTakenWhatCameBefore() {
    LanePace pace = pace(Duration.ofHours(1));
    before.set(16);
    CompletableFuture<Void> begun = begin(pace);
    await().until(() -> looks.get() > 3);
    assertThat(begun).isNotDone();
    before.set(0);
    await().until(begun::isDone);
    assertThat(begun).isCompleted();
  }

  @Test
  void stagesThatStandStillHoldUpABatchForAWhileOnly() {
    LanePace pace = pace(Duration.ofMillis(10));
    before.set(1_000_000);
    for (int i = 0; i < 3; i++) {
      begin(pace).join();
      pace.end();
    }
    assertThat(looks).hasValueGreaterThanOrEqualTo(6);
  }

  @Test
  void oneLaneAfterTheOther() throws Exception {
    LanePace pace = pace(Duration.ofHours(1));
    pace.begin();
    int looked = looks.get();
    CompletableFuture<Void> other = begin(pace);
    await().until(pace::isAwaited);
    assertThat(looks).hasValue(looked);
    pace.end();
    await().until(other::isDone);
    assertThat(looks).hasValueGreaterThan(looked);
  }

  /// A lane's reader that is stopped while it waits keeps no other waiting.
  @Test
  void whoGivesUpHasNoTurn() throws Exception {
    LanePace pace = pace(Duration.ofHours(1));
    before.set(16);
    var reader =
        new Thread(
            () -> {
              try {
                pace.begin();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    reader.start();
    await().until(() -> looks.get() > 0);
    reader.interrupt();
    reader.join();
    before.set(0);
    CompletableFuture<Void> other = begin(pace);
    await().until(other::isDone);
    assertThat(other).isCompleted();
  }

  private static CompletableFuture<Void> begin(LanePace pace) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            pace.begin();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }
}
