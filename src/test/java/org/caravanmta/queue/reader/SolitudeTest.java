package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SolitudeTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void oneIsAloneUntilItIsDone() throws Exception {
    var solitude = new Solitude(LONG);
    var survived = new CountDownLatch(1);
    try (var first = solitude.await(3, Duration.ZERO).orElseThrow()) {
      first.begin(survived::countDown);
      assertThat(solitude.await(3, Duration.ZERO)).isEmpty();
    }
    assertThat(solitude.await(3, Duration.ZERO)).isPresent();
    assertThat(survived.getCount()).isEqualTo(1);
  }

  @Test
  void whatTakesLongKeepsNobodyWaiting() throws Exception {
    var solitude = new Solitude(Duration.ofMillis(20));
    var survived = new CountDownLatch(1);
    var first = solitude.await(3, Duration.ZERO).orElseThrow();
    first.begin(survived::countDown);
    var second = solitude.await(3, LONG).orElseThrow();
    assertThat(survived.await(60, TimeUnit.SECONDS)).isTrue();
    // its end makes no second place
    first.close();
    assertThat(solitude.await(3, Duration.ZERO)).isEmpty();
    second.close();
    assertThat(solitude.await(3, Duration.ZERO)).isPresent();
  }

  @Test
  void afterOneEndManyAreAtItAfterTwoSomeAfterThreeOne() throws Exception {
    var solitude = new Solitude(LONG);
    assertThat(placesFor(solitude, 1)).isEqualTo(32);
    assertThat(placesFor(solitude, 2)).isEqualTo(8);
    assertThat(placesFor(solitude, 3)).isEqualTo(1);
    assertThat(placesFor(solitude, QueueReader.MOST_FAILURES)).isEqualTo(1);
    try (var _ = solitude.await(1, Duration.ZERO).orElseThrow()) {
      assertThat(solitude.await(3, Duration.ZERO)).isEmpty();
    }
  }

  private static int placesFor(Solitude solitude, int deaths) throws InterruptedException {
    var turns = new ArrayDeque<Solitude.Turn>();
    for (var next = solitude.await(deaths, Duration.ZERO);
        next.isPresent();
        next = solitude.await(deaths, Duration.ZERO)) {
      turns.add(next.get());
    }
    turns.forEach(Solitude.Turn::close);
    return turns.size();
  }
}
