package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.caravanmta.address.Address;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// The log line is an interface: what reads Postfix's log reads ours.
class DeliveryLinesTest {
  private static final Delays TIMES =
      new Delays(
          Duration.ofMillis(104),
          Duration.ofMillis(3),
          Duration.ofMillis(520),
          Duration.ofMillis(1260));
  private static final Recipient ANN = Recipient.of(Address.parse("ann@ex.example"));

  @Test
  void delivered() {
    var attempted =
        new DeliveryEvent.Attempted(
            Letters.to("ann@ex.example"),
            "smtp",
            Recipient.of(Address.parse("info@va.example")).to(Address.parse("ann@ex.example")),
            new Attempt.Delivered("250 2.1.5 Ok: queued as T1", "x"),
            "mx.ex.example[192.0.2.1]:25",
            2,
            TIMES,
            false);
    assertThat(line("4XyZ12abcdz3k", attempted))
        .isEqualTo(
            "4XyZ12abcdz3k: to=<ann@ex.example>, orig_to=<info@va.example>,"
                + " relay=mx.ex.example[192.0.2.1]:25, conn_use=2, delay=1.9,"
                + " delays=0.1/0/0.52/1.3, dsn=2.1.5, status=sent (250 2.1.5 Ok: queued as T1)");
  }

  @Test
  void deferredAndExpired() {
    var deferred = new Attempt.Deferred(Reason.of("4.4.1", "connect to x: refused"));
    assertThat(line("4XyZ", withoutServer(deferred, false)))
        .isEqualTo(
            "4XyZ: to=<ann@ex.example>, relay=none, delay=1.9, delays=0.1/0/0.52/1.3, dsn=4.4.1,"
                + " status=deferred (connect to x: refused)");
    assertThat(line("4XyZ", withoutServer(deferred, true))).contains("status=expired (");
  }

  @Test
  void failed() {
    var failed = new Attempt.Failed(Reason.of("5.1.1", "no"));
    assertThat(line("4XyZ", withoutServer(failed, false)))
        .endsWith("dsn=5.1.1, status=bounced (no)");
  }

  @Test
  void secondsHaveTwoDigitsThatMatter() {
    assertThat(
            LongStream.of(0, 4, 10, 340, 1000, 1250, 9960, 12_400, 4_711_000)
                .mapToObj(millis -> Delays.seconds(Duration.ofMillis(millis))))
        .containsExactly("0", "0", "0.01", "0.34", "1", "1.3", "10", "12", "4711");
  }

  private static DeliveryEvent.Attempted withoutServer(Attempt attempt, boolean expired) {
    return new DeliveryEvent.Attempted(
        Letters.to("ann@ex.example"), "smtp", ANN, attempt, "none", 0, TIMES, expired);
  }

  private static String line(String id, DeliveryEvent.Attempted attempted) {
    return DeliveryLines.line(id, attempted, attempted.status());
  }
}
