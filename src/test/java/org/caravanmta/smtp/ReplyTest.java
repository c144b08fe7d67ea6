package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {
  /// RFC 5321 §4.2.1: what becomes of mail hangs on the first digit.
  @ParameterizedTest
  @CsvSource({
    "250, true, false, false",
    "399, true, false, false",
    "400, false, true, false",
    "451, false, true, false",
    "499, false, true, false",
    "500, false, false, true",
    "554, false, false, true",
  })
  void theFirstDigitSaysWhatItIs(int code, boolean positive, boolean later, boolean never) {
    Reply reply = Reply.plain(code, "x");
    assertThat(reply.positive()).isEqualTo(positive);
    assertThat(reply.transientFailure()).isEqualTo(later);
    assertThat(reply.permanentFailure()).isEqualTo(never);
  }

  @Test
  void aSoftenedRefusalIsOneForNow() {
    assertThat(Reply.of(554, "5.7.1", "no").softened()).isEqualTo(Reply.of(454, "4.7.1", "no"));
    assertThat(Reply.plain(500, "no").softened()).isEqualTo(Reply.plain(400, "no"));
    assertThat(Reply.of(451, "4.3.0", "no").softened()).isEqualTo(Reply.of(451, "4.3.0", "no"));
  }

  @Test
  void everyLineHasTheCodeAndTheStatus() {
    assertThat(Reply.plain(250, "mx.example", "PIPELINING", "HELP").onTheWire())
        .isEqualTo("250-mx.example\r\n250-PIPELINING\r\n250 HELP\r\n");
    var two = new Reply(554, Optional.of(new Status(5, 7, 1)), List.of("one", "two"));
    assertThat(two.onTheWire()).isEqualTo("554-5.7.1 one\r\n554 5.7.1 two\r\n");
    assertThat(two).hasToString("554 5.7.1 one two");
    assertThat(Reply.plain(7, "odd")).hasToString("007 odd");
    assertThat(Reply.plain(100, "odd")).hasToString("100 odd");
  }

  @Test
  void aReplyHasThreeDigitsAndText() {
    assertThat(Reply.plain(0, "x").code()).isZero();
    assertThat(Reply.plain(999, "x").code()).isEqualTo(999);
    assertThatThrownBy(() -> Reply.plain(1000, "x")).hasMessageContaining("three digits");
    assertThatThrownBy(() -> Reply.plain(-1, "x")).hasMessageContaining("three digits");
    assertThatThrownBy(() -> Reply.plain(250)).hasMessageContaining("at least one line");
  }

  @ParameterizedTest
  @CsvSource({
    "250 2.1.5 Ok, 2.1.5",
    "250 Ok, 2.0.0",
    "250 2.6.0, 2.6.0",
    "delivered to maildir, 2.0.0",
    "delivered, 2.0.0",
  })
  void whatIsDeliveredHasTheServersStatus(String text, String status) {
    assertThat(new Attempt.Delivered(text, "mx").status()).hasToString(status);
  }
}
