package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.policy.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValidationWatchTest {
  private final ZoneServer server = ZoneServer.start("@ SOA ns h 1 1 1 1 1", "far.example.");
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-29T10:00:00Z"));
  private final AtomicInteger refreshed = new AtomicInteger();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aTestIsMadeAtTheStartAndEveryHourAndOnlyWhatChangesIsTold() {
    try (var log = new LogLines(ValidationWatch.class.getName());
        var watch = watch()) {
      server.validated();
      watch.tick();
      watch.tick();
      assertThat(server.questions()).hasSize(1);
      pass(Duration.ofMinutes(59));
      watch.tick();
      assertThat(server.questions()).hasSize(1);
      pass(Duration.ofMinutes(1));
      server.validatesNot();
      watch.tick();
      // while DANE is off, it is tested sooner
      pass(Duration.ofMinutes(5));
      watch.tick();
      assertThat(server.questions()).hasSize(3);
      // nobody answers: what is known holds on
      pass(Duration.ofMinutes(5));
      server.fail();
      watch.tick();
      pass(Duration.ofMinutes(5));
      server.answer();
      server.validated();
      watch.tick();
      assertThat(log.lines())
          .containsExactly(
              "INFO DNSSEC works: answers are validated",
              "ERROR DNSSEC does not work, DANE is off: name server "
                  + server.address()
                  + ": the answer for far.example, which is signed, is not validated",
              "INFO DNSSEC works: answers are validated");
      assertThat(refreshed).hasValue(5);
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private ValidationWatch watch() {
    var resolver =
        new Resolver(
            new DnsSettings(
                List.of(NameServer.parse(server.address())),
                Duration.ofSeconds(5),
                new DnssecSettings(Dnssec.RESOLVER, false, Optional.empty(), "far.example", "")));
    return new ValidationWatch(resolver.validation(), refreshed::incrementAndGet, now::get);
  }
}
