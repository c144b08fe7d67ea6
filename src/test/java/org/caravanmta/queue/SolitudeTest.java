package org.caravanmta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SolitudeTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void oneIsAloneUntilItIsDone() throws Exception {
    var solitude = new Solitude(LONG);
    var survived = new CountDownLatch(1);
    try (var first = solitude.await(Duration.ZERO).orElseThrow()) {
      first.begin(survived::countDown);
      assertThat(solitude.await(Duration.ZERO)).isEmpty();
    }
    assertThat(solitude.await(Duration.ZERO)).isPresent();
    assertThat(survived.getCount()).isEqualTo(1);
  }

  @Test
  void whatTakesLongKeepsNobodyWaiting() throws Exception {
    var solitude = new Solitude(Duration.ofMillis(20));
    var survived = new CountDownLatch(1);
    var first = solitude.await(Duration.ZERO).orElseThrow();
    first.begin(survived::countDown);
    var second = solitude.await(LONG).orElseThrow();
    assertThat(survived.await(10, TimeUnit.SECONDS)).isTrue();
    // its end makes no second place
    first.close();
    assertThat(solitude.await(Duration.ZERO)).isEmpty();
    second.close();
    assertThat(solitude.await(Duration.ZERO)).isPresent();
  }
}
