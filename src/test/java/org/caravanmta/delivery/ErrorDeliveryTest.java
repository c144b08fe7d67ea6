package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorDeliveryTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Letters.ARRIVED);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "error:5.7.1 closed  | 5.7.1 | closed",
        "error:closed now    | 5.0.0 | closed now",
        "error:4.7.1 closed  | 5.7.1 | closed",
        "error:              | 5.0.0 | Address is undeliverable",
        "retry:4.3.2 later   | 4.3.2 | later",
        "retry:              | 4.0.0 | Address is undeliverable",
      })
  void everyRecipientHasWhatTheTransportTableSays(String nextHop, String status, String text) {
    var mail =
        Letters.hopping(Letters.to("a@far.example", "b@far.example"), "error", nextHop.strip());
    Reason reason = Reason.of(status, text);
    assertThat(new ErrorDelivery(CLOCK).deliver(mail).results())
        .hasSize(2)
        .extracting(RecipientResult::attempt)
        .containsOnly(
            status.startsWith("5") ? new Attempt.Failed(reason) : new Attempt.Deferred(reason));
  }

  @Test
  void discardedMailIsDelivered() {
    var mail = Letters.hopping(Letters.to("a@far.example"), "discard", "not wanted");
    assertThat(new DiscardDelivery(CLOCK).deliver(mail).results().getFirst().attempt())
        .isEqualTo(new Attempt.Delivered("not wanted", "none"));
  }
}
