package org.caravanmta.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.policy.LogLines;
import org.junit.jupiter.api.Test;

class PortTest {
  @Test
  void failuresToAcceptAreSaidOnceAMinute() {
    var now = new AtomicLong(-5);
    try (var log = new LogLines(AcceptFailures.class.getName())) {
      var failures = new AcceptFailures("smtp", now::get);
      for (int second = 0; second <= 120; second++) {
        failures.add(new IOException("Too many open files"));
        now.addAndGet(Duration.ofSeconds(1).toNanos());
      }
      String line =
          "WARN smtp: connections cannot be accepted, tried again every second: Too many open"
              + " files";
      assertThat(log.lines())
          .containsExactly(
              line,
              line + " (and 59 times since this was said last)",
              line + " (and 59 times since this was said last)");
    }
  }

  @Test
  void aNewcomerTakesThePlaceOfTheLongestSilent() {
    var callers = new Callers<String>(2);
    assertThat(callers.enter("a")).isEmpty();
    assertThat(callers.enter("b")).isEmpty();
    assertThat(callers.enter("c")).contains("a");
    callers.leave("b");
    assertThat(callers.enter("d")).isEmpty();
    assertThat(callers.enter("e")).contains("c");
  }

  @Test
  void sessionsLeaveDescriptorsForTheRest() {
    assertThat(Descriptors.sessions(1024)).isEqualTo(384);
    assertThat(Descriptors.sessions(1_048_576)).isGreaterThan(500_000);
    assertThat(Descriptors.sessions(100)).isEqualTo(16);
    assertThat(Descriptors.sessions(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(Descriptors.sessions()).isPositive();
  }
}
