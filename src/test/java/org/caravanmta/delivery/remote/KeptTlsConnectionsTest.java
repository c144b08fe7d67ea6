package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Farewell;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A connection in TLS that is kept for a next message, and that the server ends meanwhile: the
/// message goes over a new one, in TLS as the first.
class KeptTlsConnectionsTest extends TlsSinksInReach {
  @ParameterizedTest
  @CsvSource({
    "CLOSE_NOTIFY, may",
    "FIN, may",
    "RST, may",
    "CLOSE_NOTIFY, verify",
    "FIN, verify",
    "RST, verify"
  })
  void aConnectionThatTheServerHasEndedIsNotUsedAgain(Farewell how, String policy)
      throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = approaches(sink, policy);
      deliver(sink, approaches);
      sink.leave(how);
      arrivesOverASecondConnection(sink, deliver(sink, approaches));
    }
  }

  /// It was open when the message began.
  @ParameterizedTest
  @CsvSource({
    "CLOSE_NOTIFY, may",
    "FIN, may",
    "RST, may",
    "CLOSE_NOTIFY, verify",
    "FIN, verify",
    "RST, verify"
  })
  void aConnectionThatTheServerEndsUnderTheNextMessageCostsNothing(Farewell how, String policy)
      throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = approaches(sink, policy);
      deliver(sink, approaches);
      sink.leaveAtMail(how);
      arrivesOverASecondConnection(sink, deliver(sink, approaches));
    }
  }

  private void arrivesOverASecondConnection(TlsSink sink, TaskOutcome second) {
    assertThat(second.results().getFirst())
        .returns(1, RecipientResult::uses)
        .extracting(RecipientResult::attempt)
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(sink.sessions()).isEqualTo(2);
    assertThat(sink.taken())
        .hasSize(2)
        .allSatisfy(taken -> assertThat(taken.protocol()).isEqualTo("TLSv1.3"));
    assertThat(told)
        .hasSize(2)
        .noneMatch(event -> event instanceof TlsEvent.Failed)
        .noneMatch(event -> event instanceof TlsEvent.Unencrypted);
  }
}
