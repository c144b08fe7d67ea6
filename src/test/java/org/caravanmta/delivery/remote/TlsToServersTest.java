package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.tls.client.TlsPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail to servers that offer TLS, or do not, or do it wrong, by each level of policy (RFC 3207,
/// RFC 7435): where it goes in the clear, where it waits, and what is said of it.
class TlsToServersTest extends TlsSinksInReach {
  /// Every recipient has one outcome: it is with the server once, in TLS or in the clear, or it
  /// waits.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OFFERS                   | none    | clear |",
        "OFFERS                   | may     | tls   |",
        "OFFERS                   | encrypt | tls   |",
        "OFFERS                   | verify  | tls   |",
        "OFFERS                   | secure match=.far.example | tls |",
        "OFFERS                   | secure match=nexthop | tls |",
        "OFFERS                   | secure match=else.example | waits | 4.7.5 Server certificate"
            + " not verified",
        "NO_TLS                   | may     | clear |",
        "NO_TLS                   | encrypt | waits | 4.7.4 TLS is required, but was not offered by"
            + " host mx1.far.example[127.0.0.1]",
        "DEMANDS                  | may     | tls   |",
        "REFUSES                  | may     | clear |",
        "REFUSES                  | encrypt | waits | 4.7.0 TLS is required, but host"
            + " mx1.far.example[127.0.0.1] refused to start TLS: 454 4.7.0 TLS not available due to"
            + " temporary reason",
        "REFUSES_FOR_GOOD         | encrypt | waits | 4.7.4 TLS is required, but host"
            + " mx1.far.example[127.0.0.1] refused to start TLS: 554 5.7.3 TLS not available",
        "CLOSES_IN_HANDSHAKE      | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "CLOSES_AFTER_220         | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "HANGS_IN_HANDSHAKE       | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "NO_COMMON_CIPHER         | verify  | waits | 4.7.5 Cannot start TLS: handshake failure",
        "OLD_VERSIONS             | secure  | waits | 4.7.5 Cannot start TLS: handshake failure",
        "INJECTS                  | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "CLOSES_AFTER_INNER_HELLO | encrypt | waits | 4.4.2 lost connection with"
            + " mx1.far.example[127.0.0.1] while performing the EHLO handshake",
        "CHANGES_OFFERS           | may     | tls   |",
        "CUTS_AT_DOT              | may     | waits | 4.4.2 lost connection with"
            + " mx1.far.example[127.0.0.1] while sending end of data -- message may be sent more"
            + " than once",
        "NO_CLOSE_NOTIFY          | may     | tls   |",
        "WANTS_CERTIFICATE        | encrypt | tls   |",
      })
  void hasOneOutcomeForEachRecipient(Conduct conduct, String policy, String outcome, String reason)
      throws Exception {
    try (TlsSink sink = sink(conduct, good)) {
      TaskOutcome outcomes = deliver(sink, policy);
      if (outcome.equals("waits")) {
        assertThat(reason(outcomes)).startsWith(reason).contains("mx1.far.example[127.0.0.1]");
        assertThat(outcomes.results())
            .allSatisfy(
                result ->
                    assertThat(result.relay())
                        .isEqualTo("mx1.far.example[127.0.0.1]:" + sink.port()));
        assertThat(sink.taken()).isEmpty();
      } else {
        assertThat(outcomes.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
        assertThat(sink.taken())
            .singleElement()
            .satisfies(
                taken ->
                    assertThat(taken.protocol()).isEqualTo(outcome.equals("tls") ? "TLSv1.3" : ""));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSES_AFTER_220",
    "CLOSES_IN_HANDSHAKE",
    "HANGS_IN_HANDSHAKE",
    "NO_COMMON_CIPHER",
    "OLD_VERSIONS",
    "INJECTS",
    "CLOSES_AFTER_INNER_HELLO"
  })
  void goesInTheClearWhereTlsHasFailedAndRemembersThatForAWhile(Conduct conduct) throws Exception {
    try (TlsSink sink = sink(conduct, good)) {
      Approaches approaches = approaches(sink, "may");
      assertThat(deliver(sink, approaches).results().getFirst())
          .returns("may:none@fallback", RecipientResult::tls)
          .extracting(RecipientResult::attempt)
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.sessions()).isEqualTo(2);
      assertThat(told)
          .satisfiesExactly(
              first ->
                  assertThat(first)
                      .isInstanceOfSatisfying(
                          TlsEvent.Failed.class, it -> assertThat(it.clear()).isTrue()),
              TlsToServersTest::isAFallback);

      reopen();
      deliver(sink, approaches);
      assertThat(sink.sessions()).isEqualTo(3);
      assertThat(told).hasSize(3).last().satisfies(TlsToServersTest::isAFallback);

      reopen();
      now.set(now.get().plus(Duration.ofMinutes(2)));
      deliver(sink, approaches);
      assertThat(sink.sessions()).isEqualTo(5);
      assertThat(sink.taken()).hasSize(3).allSatisfy(it -> assertThat(it.protocol()).isEmpty());
    }
  }

  private static void isAFallback(TlsEvent event) {
    assertThat(event)
        .isInstanceOfSatisfying(
            TlsEvent.Unencrypted.class,
            it -> {
              assertThat(it.session().policy().origin()).isEqualTo(TlsPolicy.Origin.FALLBACK);
              assertThat(it.session().host()).isEqualTo(HOST);
              assertThat(it.shortcoming()).isEmpty();
            });
  }

  @Test
  void carriesTheNextMessageOnAKeptConnection() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = approaches(sink, "verify");
      deliver(sink, approaches);
      assertThat(deliver(sink, approaches).results().getFirst().uses()).isEqualTo(2);
      assertThat(sink.sessions()).isEqualTo(1);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void neverUsesAConnectionOfAnotherPolicy() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      for (String policy :
          List.of("none", "may", "encrypt", "verify", "secure match=" + HOST, "none", "may")) {
        deliver(sink, policy);
      }
      // the last two are the first two again
      assertThat(sink.sessions()).isEqualTo(5);
      assertThat(sink.taken().stream().map(it -> it.protocol().isEmpty()))
          .containsExactly(true, false, false, false, false, true, false);
    }
  }

  @Test
  void keepsNoConnectionWhereTheRowSaysSo() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = approaches(sink, "encrypt connection_reuse=no");
      deliver(sink, approaches);
      deliver(sink, approaches);
      assertThat(sink.sessions()).isEqualTo(2);
    }
  }

  @Test
  void defersWhereTheTableCannotBeRead() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = tables("fail:down");
      assertThat(reason(deliver(sink, approaches))).startsWith("4.7.5 client TLS configuration");
      assertThat(sink.sessions()).isZero();
    }
  }

  @Test
  void waitsWhereOnlyDaneWillDoAndThereAreNoRecords() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(reason(deliver(sink, "dane-only")))
          .isEqualTo("4.7.5 TLSA records are required, but " + HOST + " has none to use");
      assertThat(sink.sessions()).isZero();
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              TlsEvent.Forbidden.class,
              it -> assertThat(it.session().policyType()).isEqualTo("tlsa"));
    }
  }

  @Test
  void beginsWithTlsWhereSettingsSaySo() throws Exception {
    try (TlsSink sink = sink(Conduct.AT_ONCE, good)) {
      deliver(sink, wrapped("may"));
      assertThat(sink.taken()).singleElement().returns("TLSv1.3", TlsSink.Taken::protocol);
      deliver(sink, wrapped("verify"));
      assertThat(sink.taken()).hasSize(2);
    }
  }
}
